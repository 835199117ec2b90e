/** Genuine handshake packets of a device that its own hub knows nothing of: what a peer that means ill can send. */
import assert from 'node:assert/strict';
import { makeKeyPair, toPublicKey } from '../../../../net/noise/index.ts';
import { answerFirst } from '../../../../net/session/answer.ts';
import { parseFirst } from '../../../../net/session/first-packet.ts';
import { makeHello } from '../../../../net/session/hello.ts';
import { Initiation } from '../../../../net/session/initiation.ts';
import type { Device } from './hub-kit.ts';

export interface FirstChoice {
  /** Default: the Unix time of the LAN in microseconds, so that each is greater than all that a hub makes. */
  readonly stamp?: number;
  /** 16 bytes. */
  readonly cookie?: Uint8Array;
  /** Of somebody else. */
  readonly secretKey?: Uint8Array;
  /** 16 to 512 bytes. */
  readonly hello?: Uint8Array;
}

let made = 0;

/** The handshake; its first message stands in `bytes`. Three curve operations. */
export function beginFirst(from: Device, to: Device, choice: FirstChoice = {}): Initiation {
  const { lan } = from;
  const [pair] = from.pairs.get(to.id) ?? [];
  assert.ok(pair !== undefined);
  made += 1;
  const initiation = Initiation.begin({
    identity: makeKeyPair(choice.secretKey ?? from.keys.secretKey),
    random: lan.bytes,
    hello: choice.hello ?? makeHello(lan.bytes(8)),
    remoteStatic: toPublicKey(to.keys.publicKey),
    pair,
    localIndex: made,
    stamp: choice.stamp ?? from.unixMs * 1_000 + made,
    unixMs: from.unixMs,
    cookie: choice.cookie ?? null,
    nowMs: lan.nowMs,
  });
  assert.ok(initiation !== null);
  return initiation;
}

/** The second packet of `from` to the first packet `bytes` of `to`. */
export function makeSecondOf(
  from: Device,
  to: Device,
  bytes: Uint8Array,
  hello = makeHello(from.lan.bytes(8)),
): Uint8Array {
  const { lan } = from;
  const first = parseFirst(bytes);
  const [pair] = from.pairs.get(to.id) ?? [];
  assert.ok(first !== null && pair !== undefined);
  const answer = answerFirst(first, {
    identity: makeKeyPair(from.keys.secretKey),
    random: lan.bytes,
    hello,
    remoteStatic: toPublicKey(to.keys.publicKey),
    pair,
    localIndex: 1,
    from: to.endpoint,
    nowMs: lan.nowMs,
  });
  assert.ok(answer.ok);
  return answer.value.bytes;
}
