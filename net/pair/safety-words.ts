/**
 * Six words that two people see alike and compare aloud, to know that nobody stands between them: 66 bits of both contact
 * keys. Source: spec/PROTOCOL.md, *Keys*; the 2,048 words are the English list of BIP 39.
 */
import { createHash } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { toContactKey } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';

export const SAFETY_WORDS_COUNT = 6;
const bitsPerWord = 11;
/** Makes each try of someone who searches for a key with the same words cost 4,096 hashes. */
const rounds = 4_096;

/**
 * The words of two people, the same in either order. Takes some 10 ms: for one contact that is looked at, not for a list.
 * @throws RangeError where both are the same person.
 */
export function safetyWords(own: PeerId, peer: PeerId): readonly string[] {
  if (own === peer) throw new RangeError('Expected two people for the safety words but received one');
  // Hex digits sort as the bytes do.
  const [lower, higher] = own < peer ? [own, peer] : [peer, own];
  let digest: Buffer = Buffer.concat([Buffer.from('lobbykeep words 1'), toContactKey(lower), toContactKey(higher)]);
  for (let round = 0; round < rounds; round += 1) digest = createHash('sha512').update(digest).digest();
  return Array.from({ length: SAFETY_WORDS_COUNT }, (_, index) => pickWord(digest, index * bitsPerWord));
}

/** The word of the 11 bits from `atBit`, the most significant bit of each byte first. */
function pickWord(digest: Uint8Array, atBit: number): string {
  let index = 0;
  for (let bit = atBit; bit < atBit + bitsPerWord; bit += 1) {
    index = index * 2 + (((digest[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  }
  const word = wordlist[index];
  if (word === undefined) throw new RangeError(`Expected 2,048 words in the list but received ${wordlist.length}`);
  return word;
}
