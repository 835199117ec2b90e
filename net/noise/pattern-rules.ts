/**
 * What follows from a handshake pattern alone: whether it is sound (section 7.3 of the Noise Protocol Framework,
 * revision 34, and section 9.3 for psks), and how long its messages are. The tables obey the rules; they are written
 * out so that a slip of the pen in a table is found, and not used.
 */
import { dhBytes } from './dh.ts';
import type { Pattern } from './pattern.ts';
import { isDhToken, isKeyToken, isPskToken, keysOf } from './token.ts';
import type { DhToken, KeyToken, Token } from './token.ts';
import { tagBytes } from './transport-key.ts';

/** A pattern without what is worked out here. */
export type BarePattern = Omit<Pattern, 'overheadBytes'>;
type Side = 'initiator' | 'responder';

/** What was done so far by either side: DHs and psks, and keys sent, also before the handshake. */
interface Done {
  readonly tokens: Set<Token>;
  readonly sent: Readonly<Record<Side, Set<KeyToken>>>;
}

/** What is wrong with the pattern, in words, or null. */
export function findFlaw(pattern: BarePattern): string | null {
  const done: Done = { tokens: new Set(), sent: { initiator: new Set(), responder: new Set() } };
  if (pattern.isInitiatorKnown) done.sent.initiator.add('s');
  if (pattern.isResponderKnown) done.sent.responder.add('s');
  for (const [index, tokens] of pattern.messages.entries()) {
    const side = index % 2 === 0 ? 'initiator' : 'responder';
    for (const token of tokens) {
      const flaw = applyToken(done, side, token);
      if (flaw !== null) return `${flaw} in message ${index + 1}`;
    }
    const leak = findLeak(done, side);
    if (leak !== null) return `${leak} with message ${index + 1}`;
  }
  const senders: readonly Side[] = pattern.isOneWay ? ['initiator'] : ['initiator', 'responder'];
  const leak = senders.map((side) => findLeak(done, side)).find((found) => found !== null);
  return leak === undefined ? null : `${leak} after the handshake`;
}

function applyToken(done: Done, side: Side, token: Token): string | null {
  if (isKeyToken(token)) {
    if (done.sent[side].has(token)) return `the ${side} sends ${token} a second time`;
    // A static key is sealed by what came before it.
    const leak = token === 's' ? findLeak(done, side) : null;
    done.sent[side].add(token);
    return leak;
  }
  if (done.tokens.has(token)) return `${token} is done a second time`;
  if (isDhToken(token) && !areKnown(done, token)) return `${token} needs a key that was not sent`;
  done.tokens.add(token);
  return null;
}

function areKnown(done: Done, token: DhToken): boolean {
  const { initiator, responder } = keysOf(token);
  return done.sent.initiator.has(initiator) && done.sent.responder.has(responder);
}

/** Once the first was done, the side may seal only if the second was done too. */
const neededDhs: Readonly<Record<Side, readonly (readonly [DhToken, DhToken])[]>> = {
  initiator: [
    ['se', 'ee'],
    ['ss', 'es'],
  ],
  responder: [
    ['es', 'ee'],
    ['ss', 'se'],
  ],
};

/**
 * Why `side` may not seal anything at this point, or null. A key that only the static keys or the psk went into may be
 * the same one in the next handshake, with the same nonces: the side's own ephemeral key must have gone in as well.
 */
function findLeak(done: Done, side: Side): string | null {
  for (const [first, needed] of neededDhs[side]) {
    if (done.tokens.has(first) && !done.tokens.has(needed)) return `the ${side} seals after ${first} without ${needed}`;
  }
  const hasPsk = [...done.tokens].some((token) => isPskToken(token));
  if (hasPsk && !done.sent[side].has('e')) return `the ${side} seals after a psk without having sent e`;
  return null;
}

/** Bytes of each message beside its payload: keys and tags. */
export function measureOverhead(pattern: BarePattern): readonly number[] {
  const usesPsk = pattern.pskIndexes.length > 0;
  let hasKey = false;
  return pattern.messages.map((tokens) => {
    let overheadBytes = 0;
    for (const token of tokens) {
      if (isKeyToken(token)) overheadBytes += token === 's' && hasKey ? dhBytes + tagBytes : dhBytes;
      // With psks, ephemeral keys go into the chaining key too (section 9.2).
      if (token !== 's' && (token !== 'e' || usesPsk)) hasKey = true;
    }
    return hasKey ? overheadBytes + tagBytes : overheadBytes;
  });
}
