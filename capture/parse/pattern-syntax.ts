/**
 * Pattern syntax: the parts of a JavaScript regular expression with the `u` flag (ECMA-262, 22.2.1), as far as it must be
 * known to judge how long it may take (`pattern-cost.ts`) and to match it through errors of reading
 * (`pattern-tolerance.ts`). What stands in a part is not interpreted further.
 */

/** How often a part is matched: `mark` is the quantifier as written, empty where there is none. */
export interface Repeat {
  readonly least: number;
  /** Infinity where it has no end. */
  readonly most: number;
  readonly mark: string;
}

/** One part of a sequence, with its source without the quantifier. */
export type PatternPart =
  /** One character: itself where the pattern fixes it, else (a class, a dot) null. */
  | { readonly kind: 'character'; readonly source: string; readonly fixed: string | null; readonly repeat: Repeat }
  /** `open` is `(`, `(?:`, `(?<name>`, `(?=` and so on. */
  | {
      readonly kind: 'group';
      readonly open: string;
      readonly alternatives: readonly PatternSequence[];
      readonly repeat: Repeat;
    }
  /** `^`, `$`, `\b` and what else has no width, and references to groups. */
  | { readonly kind: 'other'; readonly source: string; readonly repeat: Repeat };

export type PatternSequence = readonly PatternPart[];

const ONCE: Repeat = { least: 1, most: 1, mark: '' };
const quantifier = /(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/uy;
const groupOpening = /\((?:\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?/uy;
const escape = /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|c[A-Za-z]|k<[^>]*>|\d+|.)/uy;
const characterClass = /\[(?:\\.|[^\]\\])*\]/uy;
/** Escapes of a character that means something by itself otherwise. */
const syntaxCharacter = /^\\[\^$\\.*+?()[\]{}|/]$/u;
const noWidth = /^\\(?:[bB]|k<.*|[1-9]\d*)$/u;

/** The alternatives of a pattern. Expects one that `new RegExp(source, 'u')` takes. */
export function parsePattern(source: string): readonly PatternSequence[] {
  const reader = new PatternReader(source);
  const alternatives = reader.alternatives();
  if (!reader.atEnd) throw new TypeError(`Expected a regular expression but received ${source}`);
  return alternatives;
}

class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  alternatives(): readonly PatternSequence[] {
    const found = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      found.push(this.#sequence());
    }
    return found;
  }

  #sequence(): PatternSequence {
    const parts: PatternPart[] = [];
    while (!this.atEnd && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') parts.push(this.#part());
    return parts;
  }

  #part(): PatternPart {
    const opening = this.#take(groupOpening);
    if (opening !== null) {
      const alternatives = this.alternatives();
      this.#at += 1;
      return { kind: 'group', open: opening, alternatives, repeat: this.#repeat() };
    }
    const escaped = this.#take(escape);
    if (escaped !== null) {
      if (noWidth.test(escaped)) return { kind: 'other', source: escaped, repeat: this.#repeat() };
      const fixed = syntaxCharacter.test(escaped) ? escaped.slice(1) : null;
      return { kind: 'character', source: escaped, fixed, repeat: this.#repeat() };
    }
    const set = this.#take(characterClass);
    if (set !== null) return { kind: 'character', source: set, fixed: null, repeat: this.#repeat() };
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    if (character === '^' || character === '$') return { kind: 'other', source: character, repeat: ONCE };
    const fixed = character === '.' ? null : character;
    return { kind: 'character', source: character, fixed, repeat: this.#repeat() };
  }

  #repeat(): Repeat {
    quantifier.lastIndex = this.#at;
    const match = quantifier.exec(this.#source);
    if (match === null) return ONCE;
    const [mark, least, comma, most] = match;
    this.#at += mark.length;
    if (mark.startsWith('*')) return { least: 0, most: Infinity, mark };
    if (mark.startsWith('+')) return { least: 1, most: Infinity, mark };
    if (mark.startsWith('?')) return { least: 0, most: 1, mark };
    const from = Number(least);
    const to = comma === undefined ? from : most === undefined || most === '' ? Infinity : Number(most);
    return { least: from, most: to, mark };
  }

  #take(expression: RegExp): string | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#source)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}
