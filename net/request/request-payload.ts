/**
 * What a request tells the one who is asked: 895 bytes inside the Noise message. Source: spec/PROTOCOL.md, *Request (1)*.
 */
import type { Result } from '../../storage/index.ts';
import { VerifyingKey, ed25519PublicKeyBytes, ed25519SignatureBytes } from '../ed25519.ts';
import { NAME_BYTES_LIMIT, NOTE_BYTES_LIMIT, isZero, readPaddedText, writePaddedText } from '../identity/index.ts';
import type { Identity, TextField } from '../identity/index.ts';
import { KEY_BYTES } from '../peer-id.ts';

export const REQUEST_PAYLOAD_BYTES = 895;
const payloadVersion = 1;
const signingAt = 1;
const signatureAt = signingAt + ed25519PublicKeyBytes;
const secretAt = signatureAt + ed25519SignatureBytes;
const timeAt = secretAt + KEY_BYTES;
const nameField: TextField = { at: timeAt + 8, lengthBytes: 1, limitBytes: NAME_BYTES_LIMIT };
const noteField: TextField = { at: 202, lengthBytes: 2, limitBytes: NOTE_BYTES_LIMIT };
const paddingAt = noteField.at + noteField.lengthBytes + noteField.limitBytes;
/** The year 10889, as in the log. */
export const UNIX_MS_LIMIT = 2 ** 48;

export interface RequestPayload {
  /** Public Ed25519 key of the sender, 32 bytes. */
  readonly signing: Uint8Array;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** Unix ms on the sender's clock, 0 to 2^48 - 1. */
  readonly sentMs: number;
  /** Plain text of 0 to 64 bytes. */
  readonly name: string;
  /** Plain text of 0 to 400 bytes. */
  readonly note: string;
}

/** Why a payload was refused. */
export type PayloadFault = 'bad-payload' | 'bad-signature';

/** What of a payload its sender chooses; its signing key is the identity's. */
export type PayloadFields = Omit<RequestPayload, 'signing'>;

/** @param receiver contact key of the one who is asked. @throws RangeError where a size or the time is out of bounds. */
export function encodePayload(fields: PayloadFields, sender: Identity, receiver: Uint8Array): Uint8Array {
  const { secret, sentMs, name, note } = fields;
  if (secret.length !== KEY_BYTES) {
    throw new RangeError(`Expected ${KEY_BYTES} bytes for the pair secret but received ${secret.length}`);
  }
  if (!Number.isInteger(sentMs) || sentMs < 0 || sentMs >= UNIX_MS_LIMIT) {
    throw new RangeError(`Expected 0 to 2^48 - 1 ms for the time of sending but received ${sentMs}`);
  }
  const bytes = new Uint8Array(REQUEST_PAYLOAD_BYTES);
  bytes[0] = payloadVersion;
  bytes.set(sender.signing.publicKey, signingAt);
  bytes.set(sender.signing.sign(bindingOf(sender.contact.publicKey, receiver)), signatureAt);
  bytes.set(secret, secretAt);
  new DataView(bytes.buffer).setBigUint64(timeAt, BigInt(sentMs), true);
  writePaddedText(bytes, nameField, name);
  writePaddedText(bytes, noteField, note);
  return bytes;
}

/** @param bytes the decrypted payload. @param sender @param receiver contact keys, 32 bytes each. */
export function decodePayload(
  bytes: Uint8Array,
  sender: Uint8Array,
  receiver: Uint8Array,
): Result<RequestPayload, PayloadFault> {
  if (bytes.length !== REQUEST_PAYLOAD_BYTES || bytes[0] !== payloadVersion) return refuse('bad-payload');
  const sentMs = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(timeAt, true));
  const name = readPaddedText(bytes, nameField);
  const note = readPaddedText(bytes, noteField);
  if (name === null || note === null || sentMs >= UNIX_MS_LIMIT) return refuse('bad-payload');
  if (!isZero(bytes, paddingAt, REQUEST_PAYLOAD_BYTES)) return refuse('bad-payload');
  const signing = bytes.slice(signingAt, signatureAt);
  const signature = bytes.subarray(signatureAt, secretAt);
  // Without it, somebody could pass off another person's signing key, and with it that person's feeds, as his own.
  if (VerifyingKey.parse(signing)?.verify(bindingOf(sender, receiver), signature) !== true) {
    return refuse('bad-signature');
  }
  return { ok: true, value: { signing, secret: bytes.slice(secretAt, timeAt), sentMs, name, note } };
}

/** What the signing key signs to prove that it and the contact key are of one person, to this receiver only. */
function bindingOf(sender: Uint8Array, receiver: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('lobbykeep bind 1'), sender, receiver]);
}

function refuse(error: PayloadFault): Result<RequestPayload, PayloadFault> {
  return { ok: false, error };
}
