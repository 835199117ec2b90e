/**
 * What somebody on the LAN may send who is no contact: noise, noise that looks right, what was overheard, whole, cut or with
 * bits changed, well-formed requests with and without a token, well-formed first messages of people whom nobody knows.
 */
import { makeRequestToken } from '../../net/code/index.ts';
import type { RequestToken } from '../../net/code/index.ts';
import { makeIdentity } from '../../net/identity/index.ts';
import type { Identity } from '../../net/identity/index.ts';
import { toPublicKey } from '../../net/noise/index.ts';
import { derivePairKeys } from '../../net/pair/index.ts';
import { sealRequest } from '../../net/request/index.ts';
import { makeHello } from '../../net/session/hello.ts';
import { Initiation } from '../../net/session/initiation.ts';
import type { Chance } from './world/chance.ts';

/** Lengths at which a packet of each type is looked into: spec/PROTOCOL.md, *Sockets and ports*. */
const lengths: Readonly<Record<number, readonly [least: number, most: number]>> = {
  1: [1_024, 1_024],
  2: [177, 657],
  3: [101, 597],
  4: [49, 49],
  5: [29, 1_200],
  6: [1_033, 1_033],
  7: [256, 256],
};
/** People in whose name is asked. */
const people = 200;
/** Datagrams that are remembered of what was overheard. */
const overheardLimit = 2_000;

export type AttackKind = 'random' | 'typed' | 'cut' | 'flipped' | 'replayed' | 'leaked' | 'asked' | 'first';

export class Attack {
  readonly #chance: Chance;
  readonly #victim: Uint8Array;
  readonly #leaked: RequestToken;
  readonly #people: readonly Identity[];
  readonly #overheard: Uint8Array[] = [];
  readonly counts = new Map<AttackKind, number>();

  /** @param victim contact key. @param leaked a token that works. */
  constructor(chance: Chance, victim: Uint8Array, leaked: RequestToken) {
    this.#chance = chance;
    this.#victim = victim;
    this.#leaked = leaked;
    this.#people = Array.from({ length: people }, () => makeIdentity(chance.bytes));
  }

  /** A datagram of the victim or to it. */
  overhear(bytes: Uint8Array): void {
    if (this.#overheard.length >= overheardLimit) this.#overheard.splice(this.#chance.whole(0, overheardLimit - 1), 1);
    this.#overheard.push(bytes.slice());
  }

  /** @param unixMs the present. @param nowMs of a clock that never goes back. */
  make(kind: AttackKind, unixMs: number, nowMs: number): Uint8Array {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const chance = this.#chance;
    switch (kind) {
      case 'random':
        return chance.bytes(chance.whole(1, 1_200));
      case 'typed': {
        const type = chance.whole(1, 7);
        const bytes = chance.bytes(chance.whole(...(lengths[type] ?? [1, 1])));
        bytes[0] = type;
        return bytes;
      }
      case 'cut': {
        const bytes = this.#heard();
        return bytes.slice(0, chance.whole(1, bytes.length));
      }
      case 'flipped': {
        const bytes = this.#heard();
        const at = chance.whole(0, bytes.length * 8 - 1);
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        return bytes;
      }
      case 'replayed':
        return this.#heard();
      case 'leaked':
      case 'asked':
        return this.#request(kind === 'leaked' ? this.#leaked : makeRequestToken(chance.bytes), unixMs);
      case 'first':
        return this.#first(unixMs, nowMs);
    }
  }

  #heard(): Uint8Array {
    return (this.#overheard.length === 0 ? this.#chance.bytes(29) : this.#chance.pick(this.#overheard)).slice();
  }

  #request(token: RequestToken, sentMs: number): Uint8Array {
    const secret = this.#chance.bytes(32);
    const contents = { receiver: this.#victim, token, secret, sentMs, name: 'A stranger', note: 'Let me in' };
    const packet = sealRequest(contents, this.#chance.pick(this.#people), this.#chance.bytes);
    if (packet === null) throw new Error('Expected a request to a key of high order');
    return packet;
  }

  #first(unixMs: number, nowMs: number): Uint8Array {
    const chance = this.#chance;
    const { contact } = chance.pick(this.#people);
    const initiation = Initiation.begin({
      identity: contact,
      random: chance.bytes,
      hello: makeHello(chance.bytes(8)),
      remoteStatic: toPublicKey(this.#victim),
      pair: derivePairKeys(chance.bytes(32), contact.publicKey, this.#victim),
      localIndex: chance.whole(0, 2 ** 32 - 1),
      stamp: unixMs,
      unixMs,
      nowMs,
      cookie: null,
    });
    if (initiation === null) throw new Error('Expected a first message to a key of high order');
    return initiation.bytes;
  }
}
