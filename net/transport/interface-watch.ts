/**
 * Notices what no system tells Node: interfaces that come and go, and a machine that slept. It is asked every two seconds
 * or so and compares; both clocks are given to it.
 */
import type { Clock } from '../world.ts';
import { localAddressKey } from './local-address.ts';
import type { LocalAddress } from './local-address.ts';

/** Between two looks. */
export const RESCAN_MS = 2000;
/** A look that comes this much later than it should, by either clock, means that the machine slept. */
export const SLEEP_JUMP_MS = 10_000;

export interface Look {
  readonly addresses: readonly LocalAddress[];
  readonly isChanged: boolean;
  readonly isWoken: boolean;
}

export class InterfaceWatch {
  readonly #list: () => readonly LocalAddress[];
  readonly #clock: Clock;
  readonly #periodMs: number;
  #addresses: readonly LocalAddress[] = [];
  #keys = '';
  #unixMs: number;
  #elapsedMs: number;

  /** @param list must not throw. @param periodMs in which it will be asked. */
  constructor(list: () => readonly LocalAddress[], clock: Clock, periodMs: number) {
    this.#list = list;
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#unixMs = clock.unixMs();
    this.#elapsedMs = clock.elapsedMs();
  }

  get addresses(): readonly LocalAddress[] {
    return this.#addresses;
  }

  look(): Look {
    const addresses = this.#list();
    // As a set: Linux lists them in the order in which they were made, Windows in no order at all.
    const keys = addresses.map(localAddressKey).sort().join('\n');
    const isChanged = keys !== this.#keys;
    this.#keys = keys;
    if (isChanged) this.#addresses = addresses;
    return { addresses: this.#addresses, isChanged, isWoken: this.#hasSlept() };
  }

  /**
   * While a machine sleeps, Linux's and macOS' steady clock may stand still while Unix time goes on; Windows' goes on,
   * too. So either one that is late tells. Unix time that is set forward looks the same: then a beacon too many is sent.
   */
  #hasSlept(): boolean {
    const unixMs = this.#clock.unixMs();
    const elapsedMs = this.#clock.elapsedMs();
    const late = Math.max(unixMs - this.#unixMs, elapsedMs - this.#elapsedMs) - this.#periodMs;
    this.#unixMs = unixMs;
    this.#elapsedMs = elapsedMs;
    return late > SLEEP_JUMP_MS;
  }
}
