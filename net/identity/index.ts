/** The door of `net/identity`: the keys of this device, and how names and keys are written. */
export { fromHex, hexOf, toHex } from './hex.ts';
export { FEED_GENERATION_BYTES, Identity, decodeIdentity, encodeIdentity, makeIdentity } from './identity.ts';
export type { IdentityError } from './identity.ts';
export { NAME_BYTES_LIMIT, NOTE_BYTES_LIMIT, countUtf8, foldName, toPlainText } from './plain-text.ts';
export { isZero, readPaddedText, writePaddedText } from './padded-text.ts';
export type { TextField } from './padded-text.ts';
