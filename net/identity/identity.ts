/**
 * Who this device is: contact key (X25519), signing key (Ed25519) and the generation of its feeds. Stored as JSON in the
 * state store; a value that is damaged is an error, never a reason to become somebody else.
 * Source: spec/PROTOCOL.md, *Keys* and *Feeds*.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Result } from '../../storage/index.ts';
import { SigningKey, ed25519SeedBytes } from '../ed25519.ts';
import { makeKeyPair } from '../noise/index.ts';
import type { KeyPair } from '../noise/index.ts';
import { KEY_BYTES, toPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import type { RandomBytes } from '../world.ts';
import { fromHex, hexOf, toHex } from './hex.ts';

export const FEED_GENERATION_BYTES = 8;
const checkBytes = 8;

/** `message` is a sentence for the user. */
export interface IdentityError {
  readonly kind: 'damaged';
  readonly message: string;
}

const schema = v.object({
  version: v.literal(1),
  contact: hexOf(KEY_BYTES),
  signing: hexOf(ed25519SeedBytes),
  generation: hexOf(FEED_GENERATION_BYTES),
  check: hexOf(checkBytes),
});

/** Made by `makeIdentity` and `decodeIdentity`. Its secrets leave it only in `encodeIdentity`. */
export class Identity {
  readonly #contactSecret: Uint8Array;
  readonly #signingSeed: Uint8Array;
  /** For handshakes. Its public half is the peer id. */
  readonly contact: KeyPair;
  readonly peerId: PeerId;
  readonly signing: SigningKey;
  readonly #generation: Uint8Array;

  /** @param contactSecret @param signingSeed 32 bytes each. @param generation 8 bytes. Else RangeError. Takes 4 to 10 ms. */
  constructor(contactSecret: Uint8Array, signingSeed: Uint8Array, generation: Uint8Array) {
    if (generation.length !== FEED_GENERATION_BYTES) {
      throw new RangeError(
        `Expected ${FEED_GENERATION_BYTES} bytes for the feed generation but received ${generation.length}`,
      );
    }
    this.contact = makeKeyPair(contactSecret);
    this.peerId = toPeerId(this.contact.publicKey);
    this.signing = SigningKey.fromSeed(signingSeed);
    this.#contactSecret = new Uint8Array(contactSecret);
    this.#signingSeed = new Uint8Array(signingSeed);
    this.#generation = new Uint8Array(generation);
  }

  /** A copy: 8 bytes that go into the id of each feed. */
  get feedGeneration(): Uint8Array {
    return new Uint8Array(this.#generation);
  }

  /** The same person with feeds that begin anew: what a restored backup must be, so that a number never means two entries. */
  withGeneration(generation: Uint8Array): Identity {
    return new Identity(this.#contactSecret, this.#signingSeed, generation);
  }

  /** Not `toJSON`: whatever prints an identity by accident must not print its keys. */
  encode(): string {
    const fields = {
      contact: toHex(this.#contactSecret),
      signing: toHex(this.#signingSeed),
      generation: toHex(this.#generation),
    };
    return JSON.stringify({ version: 1, ...fields, check: computeCheck(fields) });
  }
}

/** A person that nobody has met. `random` must be cryptographically strong. */
export function makeIdentity(random: RandomBytes): Identity {
  return new Identity(random(KEY_BYTES), random(ed25519SeedBytes), random(FEED_GENERATION_BYTES));
}

/** JSON with both secret keys in clear: for the state store and the backup, which encrypt what they keep. */
export function encodeIdentity(identity: Identity): string {
  return identity.encode();
}

/** What `encodeIdentity` made; an error for everything else, also if a single digit differs. */
export function decodeIdentity(text: string): Result<Identity, IdentityError> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return damaged();
    throw error;
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success || parsed.output.check !== computeCheck(parsed.output)) return damaged();
  const { contact, signing, generation } = parsed.output;
  return { ok: true, value: new Identity(fromHex(contact), fromHex(signing), fromHex(generation)) };
}

/** Found are faults, not forgers: whoever can write here has the keys. */
function computeCheck(fields: { contact: string; signing: string; generation: string }): string {
  const text = `lobbykeep identity 1 ${fields.contact} ${fields.signing} ${fields.generation}`;
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, checkBytes * 2);
}

function damaged(): Result<Identity, IdentityError> {
  const message =
    'The keys that tell who you are to your contacts are damaged. Nothing was changed. ' +
    'Restore a backup of your contacts; without one, remove the keys to begin as a new person whom all must accept again.';
  return { ok: false, error: { kind: 'damaged', message } };
}
