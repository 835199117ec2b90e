/**
 * What may leave a device, judged datagram by datagram from the contact book of who sends: announcements by what the user
 * does, all else to nobody but the people whom the user accepted or asked. Source: spec/PROTOCOL.md, *Sockets and ports*.
 */
import { derivePairKeys } from '../../net/pair/index.ts';
import { toContactKey } from '../../net/peer-id.ts';
import type { PeerId } from '../../net/peer-id.ts';
import { tagAt } from '../../net/pair/index.ts';
import type { Device } from './world/device.ts';
import type { Sending } from './world/lan.ts';

const kinds = ['', 'request', 'first', 'second', 'cookie', 'data', 'beacon', 'nearby'] as const;
const hintAt = 5;
const hintBytes = 8;

export class WireRules {
  readonly #devices: readonly Device[];
  /** Keys of hints by pair secret and direction: deriving is dear. */
  readonly #hintKeys = new Map<string, Uint8Array>();
  readonly counts = new Map<string, number>();
  nearbyUntilMs = new Map<Device, number>();

  constructor(devices: readonly Device[]) {
    this.#devices = devices;
  }

  /** Null where the datagram may leave; else a sentence that says why not. */
  judge(sending: Sending, nowMs: number): string | null {
    const device = this.#devices.find(({ machine }) => machine === sending.by);
    if (device === undefined) return null;
    const kind: string = kinds[sending.bytes[0] ?? 0] ?? '';
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const what = `${device.name} sends a ${kind} of ${sending.bytes.length} bytes to ${sending.to?.address ?? 'all'}`;
    const book = device.program?.book;
    if (book === undefined) return `${what} while it does not run`;
    const isAnnounced = sending.to === null;
    switch (kind) {
      case 'request':
        return book.asked().length > 0 ? null : `${what} without having asked anybody`;
      case 'beacon':
        return isAnnounced && book.contacts().length > 0 ? null : `${what} without contacts, or not to all`;
      case 'nearby':
        return isAnnounced && nowMs <= (this.nearbyUntilMs.get(device) ?? -1) ? null : `${what} while nearby is off`;
      case 'first':
        return !isAnnounced && this.#isForContact(device, sending.bytes) ? null : `${what}, which is for no contact`;
      case 'second':
      case 'cookie':
      case 'data': {
        const known = new Set<PeerId>(book.knownPeers());
        const isKnown = this.#devices.some(
          (other) =>
            other !== device &&
            known.has(other.id) &&
            other.machine.addresses.has(sending.to?.address.split('%')[0] ?? ''),
        );
        return isKnown ? null : `${what}, where nobody was whom it accepted or asked`;
      }
      default:
        return `${what}: no packet of the protocol`;
    }
  }

  /** Whether the hint of a first message is that of a pair with somebody who is a contact at this moment. */
  #isForContact(device: Device, bytes: Uint8Array): boolean {
    const { program, clock } = device;
    const hint = Buffer.from(bytes.subarray(hintAt, hintAt + hintBytes));
    return (program?.book.contacts() ?? []).some(({ peer }) =>
      (program?.book.secretsOf(peer)?.listen ?? []).some(({ secret }) =>
        hint.equals(tagAt(this.#hintKey(device, peer, secret), 'hint', clock.unixMs())),
      ),
    );
  }

  #hintKey(device: Device, peer: PeerId, secret: Uint8Array): Uint8Array {
    const name = `${device.id} ${peer} ${Buffer.from(secret).toString('hex')}`;
    const known = this.#hintKeys.get(name);
    if (known !== undefined) return known;
    const key = derivePairKeys(secret, toContactKey(device.id), toContactKey(peer)).hintOut;
    this.#hintKeys.set(name, key);
    return key;
  }
}
