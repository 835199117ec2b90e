/** Bytes as lower-case hex digits, the form of keys, secrets and tokens in the state store and in backups. */
import * as v from 'valibot';

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** @param text hex digits, checked before (see `hexOf`): what is no hex is cut off. */
export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Schema of exactly `sizeBytes` bytes in lower-case hex. */
export function hexOf(sizeBytes: number) {
  return v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${sizeBytes * 2}}$`)));
}
