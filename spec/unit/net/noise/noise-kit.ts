/** What the tests of Noise share: hash functions that only vectors need, published vectors, two parties at a table. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import * as v from 'valibot';
import { HandshakeState, generateKeyPair, parseProtocolName, pskBytes, sha512 } from '../../../../net/noise/index.ts';
import type { HandshakeOptions, KeyPair, NoiseHash, Pattern, Random } from '../../../../net/noise/index.ts';
import { REPO_ROOT } from '../../../../overlay/runtime/paths.mjs';
import type { Result } from '../../../../storage/index.ts';

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * A plain array, not a view of Node's pool. Throws on what is not hexadecimal, which `Buffer.from` cuts off in silence.
 */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
  assert.equal(bytes.length * 2, hex.length, `not hexadecimal: ${hex}`);
  return bytes;
}

/** Bytes that depend on the seed alone. */
export function seededRandom(seed: string): Random {
  let block = 0;
  return (sizeBytes) => {
    const bytes = new Uint8Array(sizeBytes);
    for (let at = 0; at < sizeBytes; at += 64) {
      const digest = createHash('sha512').update(`${seed} ${block}`).digest();
      bytes.set(digest.subarray(0, Math.min(64, sizeBytes - at)), at);
      block += 1;
    }
    return bytes;
  };
}

function nodeHash(name: string, algorithm: string, hashBytes: number, blockBytes: number): NoiseHash {
  const hash = (data: Uint8Array) => new Uint8Array(createHash(algorithm).update(data).digest());
  return { name, hashBytes, blockBytes, hash };
}

/** All hash functions of section 12; SHA-512 is the one of the product. */
export const hashes: Readonly<Record<string, NoiseHash>> = {
  SHA512: sha512,
  SHA256: nodeHash('SHA256', 'sha256', 32, 64),
  BLAKE2s: nodeHash('BLAKE2s', 'blake2s256', 32, 64),
  BLAKE2b: nodeHash('BLAKE2b', 'blake2b512', 64, 128),
};

/**
 * The published vectors of `name`, read by `schema`; null, and the test is skipped with a word, where there are none.
 */
export function readVectors<S extends v.GenericSchema>(
  context: TestContext,
  name: string,
  schema: S,
): v.InferOutput<S> | null {
  const file = join(REPO_ROOT, '..', 'shared', 'vectors', name);
  if (existsSync(file)) return v.parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  context.skip(`there is no ${name} in the folder of published vectors beside the checkout`);
  return null;
}

/** The value of a result that must be good. */
export function must<T, E extends { readonly kind: string }>(result: Result<T, E>): T {
  if (!result.ok) assert.fail(`refused: ${result.error.kind}`);
  return result.value;
}

/** The kind of a refusal, or `accepted`. */
export function kindOf(result: Result<unknown, { readonly kind: string }>): string {
  return result.ok ? 'accepted' : result.error.kind;
}

export interface Table {
  readonly initiator: HandshakeState;
  readonly responder: HandshakeState;
  readonly pattern: Pattern;
  readonly initiatorStatic: KeyPair;
  readonly responderStatic: KeyPair;
}

type Change = Partial<Omit<HandshakeOptions, 'protocol' | 'role'>>;

/** Two parties with all keys that the pattern needs, made of a seed; either side may be given something else. */
export function seatParties(
  patternName: string,
  seed: string,
  initiatorChange: Change = {},
  responderChange: Change = {},
): Table {
  const protocol = `Noise_${patternName}_25519_ChaChaPoly_SHA512`;
  const { pattern } = must(parseProtocolName(protocol));
  const random = seededRandom(seed);
  const initiatorStatic = generateKeyPair(random);
  const responderStatic = generateKeyPair(random);
  const psks = Object.fromEntries(pattern.pskIndexes.map((index) => [index, random(pskBytes)]));
  const shared = { protocol, random, prologue: ascii('prologue'), psks };
  const initiator = new HandshakeState({
    ...shared,
    role: 'initiator',
    localStatic: initiatorStatic,
    remoteStatic: pattern.isResponderKnown ? responderStatic.publicKey : undefined,
    ...initiatorChange,
  });
  const responder = new HandshakeState({
    ...shared,
    role: 'responder',
    localStatic: responderStatic,
    remoteStatic: pattern.isInitiatorKnown ? initiatorStatic.publicKey : undefined,
    ...responderChange,
  });
  return { initiator, responder, pattern, initiatorStatic, responderStatic };
}

/** Hands one message over, from whose turn it is, and gives it back. The payload must arrive. */
export function passMessage({ initiator, responder }: Table, payload: Uint8Array): Uint8Array {
  const [sender, receiver] = initiator.isMyTurn ? [initiator, responder] : [responder, initiator];
  const message = must(sender.writeMessage(payload));
  assert.deepEqual(must(receiver.readMessage(message)), payload);
  return message;
}
