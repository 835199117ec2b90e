/**
 * Handshake patterns of the Noise Protocol Framework, revision 34: the language of section 7 with the psk modifiers of
 * section 9, and the tables of the one-way (7.4), fundamental interactive (7.5) and deferred patterns (18.1). A pattern
 * is written as the specification writes it, on one line; before `...` stands what each side knows beforehand. Whether
 * a pattern is sound is seen to by `pattern-rules.ts`. The `fallback` modifier is not known here: nothing falls back.
 */
import type { Result } from '../../storage/index.ts';
import { findFlaw, measureOverhead } from './pattern-rules.ts';
import type { BarePattern } from './pattern-rules.ts';
import { isDhToken, isKeyToken, isPskToken, pskIndexOf } from './token.ts';
import type { Token } from './token.ts';

export interface Pattern {
  /** With modifiers, as in protocol names: `IKpsk2`. */
  readonly name: string;
  /** Whether the responder knows the initiator's static key beforehand. */
  readonly isInitiatorKnown: boolean;
  /** Whether the initiator knows the responder's. */
  readonly isResponderKnown: boolean;
  /** The initiator sends the first and every second one after it, the responder the others. 1 to 4. */
  readonly messages: readonly (readonly Token[])[];
  /** Numbers of the psk modifiers, ascending, 0 to 9. */
  readonly pskIndexes: readonly number[];
  /** Only the initiator sends, also after the handshake. */
  readonly isOneWay: boolean;
  /** Bytes of each message beside its payload: keys and tags. As many as `messages`. */
  readonly overheadBytes: readonly number[];
}

/** `message` is a sentence that names what is wrong. */
export interface PatternError {
  readonly kind: 'syntax' | 'unknown-pattern' | 'unknown-modifier' | 'invalid';
  readonly message: string;
}

const table: Readonly<Record<string, string>> = {
  N: '<- s ... -> e es',
  K: '-> s <- s ... -> e es ss',
  X: '<- s ... -> e es s ss',

  NN: '-> e <- e ee',
  NK: '<- s ... -> e es <- e ee',
  NX: '-> e <- e ee s es',
  KN: '-> s ... -> e <- e ee se',
  KK: '-> s <- s ... -> e es ss <- e ee se',
  KX: '-> s ... -> e <- e ee se s es',
  XN: '-> e <- e ee -> s se',
  XK: '<- s ... -> e es <- e ee -> s se',
  XX: '-> e <- e ee s es -> s se',
  IN: '-> e s <- e ee se',
  IK: '<- s ... -> e es s ss <- e ee se',
  IX: '-> e s <- e ee se s es',

  NK1: '<- s ... -> e <- e ee es',
  NX1: '-> e <- e ee s -> es',
  X1N: '-> e <- e ee -> s <- se',
  X1K: '<- s ... -> e es <- e ee -> s <- se',
  XK1: '<- s ... -> e <- e ee es -> s se',
  X1K1: '<- s ... -> e <- e ee es -> s <- se',
  X1X: '-> e <- e ee s es -> s <- se',
  XX1: '-> e <- e ee s -> es s se',
  X1X1: '-> e <- e ee s -> es s <- se',
  K1N: '-> s ... -> e <- e ee -> se',
  K1K: '-> s <- s ... -> e es <- e ee -> se',
  KK1: '-> s <- s ... -> e <- e ee se es',
  K1K1: '-> s <- s ... -> e <- e ee es -> se',
  K1X: '-> s ... -> e <- e ee s es -> se',
  KX1: '-> s ... -> e <- e ee se s -> es',
  K1X1: '-> s ... -> e <- e ee s -> se es',
  I1N: '-> e s <- e ee -> se',
  I1K: '<- s ... -> e es s <- e ee -> se',
  IK1: '<- s ... -> e s <- e ee se es',
  I1K1: '<- s ... -> e s <- e ee es -> se',
  I1X: '-> e s <- e ee s es -> se',
  IX1: '-> e s <- e ee se s -> es',
  I1X1: '-> e s <- e ee s -> se es',
};

/** Names of the patterns without modifiers, in the order of the specification's tables. */
export const patternNames: readonly string[] = Object.keys(table);

const namePattern = /^([A-Z][A-Z0-9]*)((?:[a-z][a-z0-9]*)(?:\+[a-z][a-z0-9]*)*)?$/;
/** More than any pattern of the tables can use; a longer name is not looked at. */
const nameLengthLimit = 64;

/** The pattern that a protocol name names: `IKpsk2`, `XXpsk0+psk3`. */
export function findPattern(name: string): Result<Pattern, PatternError> {
  const parts = name.length > nameLengthLimit ? null : namePattern.exec(name);
  if (parts === null) return fail('syntax', `Expected a pattern's name with modifiers but received ${name}`);
  const [, base = '', modifiers] = parts;
  const text = Object.hasOwn(table, base) ? table[base] : undefined;
  if (text === undefined) return fail('unknown-pattern', `Expected a pattern of the tables but received ${base}`);
  return parsePattern(name, text, modifiers?.split('+') ?? []);
}

/**
 * A pattern from its text, as in the tables (`<- s ... -> e es s ss`), with modifiers applied in order. Refuses what
 * breaks a rule of section 7.3 or 9.3: such a handshake would leak, or could not be carried out.
 */
export function parsePattern(
  name: string,
  text: string,
  modifiers: readonly string[] = [],
): Result<Pattern, PatternError> {
  const parsed = parseText(name, text);
  if (!parsed.ok) return parsed;
  const pattern = applyModifiers(parsed.value, modifiers);
  if (!pattern.ok) return pattern;
  const flaw = findFlaw(pattern.value);
  if (flaw !== null) return fail('invalid', `Expected a sound pattern but received ${name}: ${flaw}`);
  return { ok: true, value: { ...pattern.value, overheadBytes: measureOverhead(pattern.value) } };
}

function parseText(name: string, text: string): Result<BarePattern, PatternError> {
  const [before, after] = text.includes('...') ? text.split('...', 2) : ['', text];
  const known = parseLines(before ?? '');
  const messages = parseLines(after ?? '');
  if (known === null || messages === null || messages.length === 0) {
    return fail('syntax', `Expected messages of tokens for pattern ${name} but received ${text}`);
  }
  const knownBy = known.map(({ arrow, tokens }) => `${arrow} ${tokens.join(' ')}`).join(' ');
  if (!['', '-> s', '<- s', '-> s <- s'].includes(knownBy)) {
    return fail('syntax', `Expected at most the static key of each side before the handshake but received ${knownBy}`);
  }
  if (messages.some(({ arrow }, index) => arrow !== (index % 2 === 0 ? '->' : '<-'))) {
    return fail('syntax', `Expected messages by turns, the initiator first, for pattern ${name} but received ${text}`);
  }
  const value = {
    name,
    isInitiatorKnown: knownBy.includes('->'),
    isResponderKnown: knownBy.includes('<-'),
    messages: messages.map(({ tokens }) => tokens),
    pskIndexes: [],
    isOneWay: messages.length === 1,
  };
  return { ok: true, value };
}

interface Line {
  readonly arrow: '->' | '<-';
  readonly tokens: Token[];
}

/** Null where a word is neither an arrow nor a token, or nothing follows an arrow. */
function parseLines(text: string): readonly Line[] | null {
  const lines: Line[] = [];
  for (const word of text.split(' ').filter((word) => word !== '')) {
    if (word === '->' || word === '<-') {
      lines.push({ arrow: word, tokens: [] });
      continue;
    }
    const line = lines.at(-1);
    if (line === undefined || !(isKeyToken(word) || isDhToken(word))) return null;
    line.tokens.push(word);
  }
  return lines.some(({ tokens }) => tokens.length === 0) ? null : lines;
}

/** Section 9.4: `psk0` stands at the start of the first message, any other number at the end of that message. */
function applyModifiers(pattern: BarePattern, modifiers: readonly string[]): Result<BarePattern, PatternError> {
  const messages = pattern.messages.map((tokens) => [...tokens]);
  const pskIndexes: number[] = [];
  for (const modifier of modifiers) {
    if (!isPskToken(modifier)) {
      return fail(
        'unknown-modifier',
        `Expected psk0 to psk9 for a modifier of ${pattern.name} but received ${modifier}`,
      );
    }
    const index = pskIndexOf(modifier);
    // Section 8.1: where the order makes no difference, modifiers are sorted, so that a protocol has one name.
    if (index <= (pskIndexes.at(-1) ?? -1)) {
      return fail('syntax', `Expected modifiers sorted and each once but received ${modifiers.join('+')}`);
    }
    const tokens = messages[Math.max(0, index - 1)];
    if (tokens === undefined) {
      return fail('invalid', `Expected a message ${index} for ${modifier} but received ${messages.length} in all`);
    }
    if (index === 0) tokens.unshift(modifier);
    else tokens.push(modifier);
    pskIndexes.push(index);
  }
  return { ok: true, value: { ...pattern, messages, pskIndexes } };
}

function fail(kind: PatternError['kind'], message: string): { readonly ok: false; readonly error: PatternError } {
  return { ok: false, error: { kind, message } };
}
