/**
 * The door of `net/noise`: the Noise Protocol Framework, revision 34, for X25519, ChaCha20-Poly1305 and SHA-512. Pure
 * state machines over bytes; randomness comes in as an argument.
 */
export { CipherState } from './cipher-state.ts';
export type { CipherError } from './cipher-state.ts';
export { computeDh, dhBytes, eraseKeyPair, generateKeyPair, makeKeyPair, toPublicKey } from './dh.ts';
export type { KeyPair, LowOrderError, PublicKey, Random, SecretKey } from './dh.ts';
export type { HandshakeError } from './handshake-message.ts';
export { HandshakeState, pskBytes } from './handshake-state.ts';
export type { HandshakeOptions, SplitStates } from './handshake-state.ts';
export { deriveThree, deriveTwo, hmac, sha512 } from './hash.ts';
export type { NoiseHash } from './hash.ts';
export { findPattern, parsePattern, patternNames } from './pattern.ts';
export type { Pattern, PatternError } from './pattern.ts';
export { parseProtocolName } from './protocol-name.ts';
export type { ProtocolName, ProtocolNameError } from './protocol-name.ts';
export { TransportKey, cipherKeyBytes, counterLimit, messageBytesLimit, tagBytes } from './transport-key.ts';
