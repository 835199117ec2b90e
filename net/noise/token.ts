/**
 * Tokens of handshake patterns: Noise Protocol Framework, revision 34, section 7.1, and section 9.2 for psks.
 */

/** What one step of a message does. */
export type Token = KeyToken | DhToken | PskToken;
/** The sender's ephemeral or static public key is sent. */
export type KeyToken = 'e' | 's';
/** A DH: the first letter names the initiator's key, the second the responder's. */
export type DhToken = 'ee' | 'es' | 'se' | 'ss';
/** A psk is mixed in; the number, 0 to 9, is that of the modifier. */
export type PskToken = `psk${number}`;

export function isKeyToken(word: string): word is KeyToken {
  return word === 'e' || word === 's';
}

export function isDhToken(word: string): word is DhToken {
  return /^[es]{2}$/.test(word);
}

/** Also for the modifier itself, which is written the same. */
export function isPskToken(word: string): word is PskToken {
  return /^psk\d$/.test(word);
}

/** Number of the modifier that the token comes from. */
export function pskIndexOf(token: PskToken): number {
  return Number(token.slice(3));
}

/** Which of its keys each side brings to a DH. */
export function keysOf(token: DhToken): { readonly initiator: KeyToken; readonly responder: KeyToken } {
  return { initiator: token.startsWith('e') ? 'e' : 's', responder: token.endsWith('e') ? 'e' : 's' };
}
