/**
 * The outside of handshake packets: ChaCha20-Poly1305 (RFC 8439) under a key that both peers derive from their pair secret.
 * It is what is checked before any curve operation, so that who does not hold the secret costs a few microseconds.
 * Nonces are random: a pair makes far fewer than the 2^32 packets at which that would begin to matter.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** `plain` sealed under `key` (32 bytes) with `nonce` (12 bytes): 16 bytes more. */
export function sealOuter(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plain: Uint8Array): Uint8Array {
  return chacha20poly1305(key, nonce, ad).encrypt(plain);
}

/** What was sealed, or null where the tag does not fit. `sealed` has at least 16 bytes. */
export function openOuter(key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  try {
    return chacha20poly1305(key, nonce, ad).decrypt(sealed);
  } catch (error) {
    // The sizes are right, so what remains is a tag that does not fit.
    if (error instanceof Error) return null;
    throw error;
  }
}
