/**
 * A bad line between two ports of this machine: loses datagrams by a seed, and delays each. It has a socket towards each of the
 * two, so that neither sees the other's address.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { Chance } from '../../sim/world/chance.ts';

export interface Weather {
  readonly lossShare: number;
  readonly delayMs: number;
}

const host = '127.0.0.1';

export class Relay {
  weather: Weather = { lossShare: 0, delayMs: 0 };
  readonly #chance: Chance;
  readonly #ends: readonly [End, End];
  passed = 0;
  lost = 0;

  private constructor(seed: string, ends: readonly [End, End]) {
    this.#chance = new Chance(seed);
    this.#ends = ends;
    for (const at of [0, 1] as const)
      ends[at].socket.on('message', (bytes) => this.#pass(bytes, ends[at === 0 ? 1 : 0]));
  }

  static async open(seed: string): Promise<Relay> {
    return new Relay(seed, [await End.open(), await End.open()]);
  }

  /** Joins the two; the ports at which each finds the other. */
  join(first: number, second: number): readonly [atFirst: number, atSecond: number] {
    this.#ends[0].port = first;
    this.#ends[1].port = second;
    return [this.#ends[0].socket.address().port, this.#ends[1].socket.address().port];
  }

  close(): void {
    for (const end of this.#ends) end.close();
  }

  #pass(bytes: Uint8Array, to: End): void {
    const { lossShare, delayMs } = this.weather;
    if (this.#chance.happens(lossShare)) {
      this.lost += 1;
      return;
    }
    this.passed += 1;
    const copy = Buffer.from(bytes);
    if (delayMs === 0) to.send(copy);
    else setTimeout(() => to.send(copy), delayMs);
  }
}

/** Towards one of the two. */
class End {
  readonly socket: Socket;
  port = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static async open(): Promise<End> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.bind(0, host);
    await once(socket, 'listening');
    return new End(socket);
  }

  close(): void {
    // What is still on its way arrives nowhere.
    this.port = 0;
    this.socket.close();
  }

  send(bytes: Uint8Array): void {
    if (this.port !== 0) this.socket.send(bytes, this.port, host);
  }
}
