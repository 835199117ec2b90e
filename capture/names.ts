/**
 * Names: who spoke in this chat, as read over many lines. Names recur, so their readings vote: of the ways in which a name
 * was read, the one is taken that what was seen in all of its lines speaks for. A name that is known corrects a doubtful
 * reading where the line's own pixels leave room for it, and never a new name that was read for certain.
 */
import { editDistance } from './parse/known.ts';
import type { TextEvidence } from './ocr/engine.ts';
import type { Grammar } from './parse/grammar.ts';
import type { Row } from './row.ts';

/** One line as it was read. */
interface ReadLine {
  /** Whose line it is: another reading of it replaces this one. */
  readonly owner: object;
  readonly text: string;
  readonly evidence: TextEvidence;
}

/** One line that a name was read in. */
export interface NamedLine extends ReadLine {
  /** The name as read in it, and where it begins. */
  readonly name: string;
  readonly at: number;
}

/** What stands before the text of somebody's lines, and how much more likely that is for having been read, by the logarithm. */
interface Head {
  readonly text: string;
  readonly prior: number;
}

/** Somebody who spoke. */
interface Person {
  /** The reading that most speaks for. */
  name: string;
  readonly readings: Set<string>;
  /** How they were told before this reader began, and how often; what their lines looked like then is not known. */
  readonly before: { readonly name: string; count: number } | null;
  /** The user said so: no reading votes on it. */
  isCertain: boolean;
  /** The newest of their lines. */
  lines: NamedLine[];
  count: number;
}

/** Two readings of one name differ in at most this share of their characters. */
const SAME_NAME = 0.34;
/** How much more likely a name is for having been read, by the logarithm: so much for once, and at most. */
const ONCE = 1;
const MOST_PRIOR = 4;
/** How much more likely a reading is that was preferred to the recogniser's own, by the logarithm. */
const SECOND_OPINION = 3;
/** How much less likely a name with a space is, by the logarithm: some one in ten has one. */
const SPACED = 2.3;
/** A capital I among digits or behind a small letter: where a font draws both alike, it is more often an l. */
const STRAY_I = /(?<=[a-z0-9_])I|I(?=[0-9_])/g;
const STRAY_I_COST = 1.1;
/** How lines of somebody begin is known after so many. */
const LEAST_HEADED = 2;
/** One line that was looked at in a bad moment must not outvote all others. */
const LEAST_WORTH = -12;
const MAX_PEOPLE = 128;
const MAX_LINES = 16;
const MAX_READINGS = 8;
const MAX_HEADLESS = 16;

export class Names {
  /** Who spoke last comes last. */
  #people: Person[] = [];
  /** Lines without a form, newest last: the mark behind a name is a few pixels, and may have been misread. */
  #headless: ReadLine[] = [];

  /** A name of the chat as it was told before: nothing of its pixels is left to vote. */
  know(name: string | null): void {
    if (name === null) return;
    const before = this.#people.find((one) => one.before?.name === name)?.before;
    if (before !== undefined && before !== null) before.count += 1;
    else
      this.#people = [
        ...this.#people,
        { name, readings: new Set([name]), before: { name, count: 1 }, isCertain: false, lines: [], count: 0 },
      ].slice(-MAX_PEOPLE);
  }

  /** Takes a line into account, in place of an earlier reading of it. */
  take(line: NamedLine): void {
    this.#drop(line.owner);
    const near = this.#saidToBe(line.name) ?? this.#nearest(line);
    if (near === undefined) {
      this.#people = [...this.#people, newPerson(line)].slice(-MAX_PEOPLE);
      return;
    }
    this.#people = [...this.#people.filter((other) => other !== near), near];
    near.count += 1;
    near.lines = [...near.lines, line].slice(-MAX_LINES);
    for (const reading of [line.name, likelier(line.name)])
      if (near.readings.size < MAX_READINGS) near.readings.add(reading);
    near.name = bestNameOf(near);
  }

  /** Of whom the user said that they are called otherwise than this, which was read. */
  #saidToBe(read: string): Person | undefined {
    return this.#people.findLast((person) => person.isCertain && person.readings.has(read));
  }

  #nearest(line: NamedLine): Person | undefined {
    return this.#people
      .filter((person) => isNear(person, line.name))
      .map((person) => ({ person, worth: worthOf(line, person.name) + priorOf(person) - rarityOf(person.name) }))
      .filter(({ person, worth }) => worth >= -rarityOf(line.name) || person.name === line.name)
      .sort((a, b) => b.worth - a.worth)[0]?.person;
  }

  /**
   * Takes a row's name into account.
   * @returns of each line of the same person, by the token of its row, its text with the name as it is known by now.
   */
  learn(row: Row, grammar: Grammar): ReadonlyMap<object, string> {
    const { text, evidence, token } = row;
    if (evidence === null) return new Map();
    const line = { owner: token, text, evidence };
    this.#headless = this.#headless.filter(({ owner }) => owner !== token);
    if (this.#takeNamed(line, grammar)) return this.#textsWith(token, grammar);
    if (!grammar.parse(text).structured) this.#headless = [...this.#headless, line].slice(-MAX_HEADLESS);
    return this.#giveHeads(grammar);
  }

  /** Takes a line into account that holds a name. @returns whether it does. */
  #takeNamed({ owner, text, evidence }: ReadLine, grammar: Grammar): boolean {
    const { speaker, presence } = grammar.parse(text);
    const name = speaker ?? presence?.who ?? null;
    if (name === null) return false;
    this.take({ owner, text, name, at: text.indexOf(name), evidence });
    return true;
  }

  #textsWith(owner: object, grammar: Grammar): ReadonlyMap<object, string> {
    const person = this.#people.find(({ lines }) => lines.some((line) => line.owner === owner));
    const texts = person?.lines.map((line) => [line.owner, withName(line, person.name)] as const) ?? [];
    return new Map([...texts, ...this.#giveHeads(grammar)]);
  }

  /** Lines without a form that begin as somebody's lines do, but for the mark behind the name, are theirs. @returns their texts. */
  #giveHeads(grammar: Grammar): ReadonlyMap<object, string> {
    const texts = new Map<object, string>();
    if (this.#headless.length === 0) return texts;
    const heads = this.#heads(grammar);
    for (const line of this.#headless) {
      const text = withHead(line, heads);
      if (text === null || !this.#takeNamed({ ...line, text }, grammar)) continue;
      texts.set(line.owner, this.textOf(line.owner) ?? text);
    }
    this.#headless = this.#headless.filter(({ owner }) => !texts.has(owner));
    return texts;
  }

  /** How lines of those begin who spoke often enough. */
  #heads(grammar: Grammar): readonly Head[] {
    return this.#people.flatMap((person) => {
      const line = person.lines.at(-1);
      if (line === undefined || person.count < LEAST_HEADED) return [];
      const text = headOf(withName(line, person.name), grammar);
      return text === null ? [] : [{ text, prior: priorOf(person) }];
    });
  }

  /** The text of a line with the name as it is known by now; null where the line is not, or no longer, known. */
  textOf(owner: object): string | null {
    for (const { name, lines } of this.#people) {
      const line = lines.find((one) => one.owner === owner);
      if (line !== undefined) return withName(line, name);
    }
    return null;
  }

  /**
   * A user says whose line it is.
   * @returns as `learn` does, of the other lines of the same person.
   */
  correct(owner: object, name: string): ReadonlyMap<object, string> {
    const person = this.#people.find(({ lines }) => lines.some((line) => line.owner === owner));
    this.#forget(owner);
    if (person === undefined || person.name === name || person.isCertain || !isNear(person, name)) {
      // Where the user said otherwise before, there are two of them: pixels and votes tell them apart.
      if (person?.isCertain === true && person.name !== name) person.isCertain = false;
      this.know(name);
      return new Map();
    }
    const { lines, count } = person;
    const before = { name, count: 1 };
    const known = { name, readings: new Set([...person.readings, name]), before, isCertain: true, lines, count };
    this.#people = [...this.#people.filter((other) => other !== person), known].slice(-MAX_PEOPLE);
    return new Map(lines.map((line) => [line.owner, withName(line, name)]));
  }

  /** A line says otherwise than was read: it votes on, unless another name stands in it. */
  reword(owner: object, text: string, grammar: Grammar): void {
    const { speaker, presence } = grammar.parse(text);
    const name = speaker ?? presence?.who ?? null;
    const person = this.#people.find(({ lines }) => lines.some((line) => line.owner === owner));
    const line = person?.lines.find((one) => one.owner === owner);
    if (person === undefined || line === undefined || name === null || (name !== line.name && name !== person.name)) {
      this.#forget(owner);
      return;
    }
    const at = text.indexOf(name);
    const read = text.slice(0, at) + line.name + text.slice(at + name.length);
    person.lines = person.lines.with(person.lines.indexOf(line), { ...line, text: read, at });
  }

  /** What a line says is known otherwise: it no longer votes. */
  #forget(owner: object): void {
    this.#drop(owner);
    this.#headless = this.#headless.filter((line) => line.owner !== owner);
  }

  #drop(owner: object): void {
    for (const person of this.#people) {
      if (!person.lines.some((line) => line.owner === owner)) continue;
      person.lines = person.lines.filter((line) => line.owner !== owner);
      person.count -= 1;
    }
    this.#people = this.#people.filter(({ count, before }) => count > 0 || before !== null);
  }
}

function newPerson(line: NamedLine): Person {
  return { name: line.name, readings: new Set([line.name]), before: null, isCertain: false, lines: [line], count: 1 };
}

function isNear({ readings }: Person, name: string): boolean {
  for (const reading of readings) {
    const longest = Math.max(reading.length, name.length);
    if (editDistance(reading, name) > Math.max(1, longest * SAME_NAME)) continue;
    if (!areNumbered(reading, name)) return true;
  }
  return false;
}

/** Whether two names differ in a number: `bot01` and `bot02` are two bots. */
function areNumbered(a: string, b: string): boolean {
  const [digitsA, digitsB] = [a.replaceAll(/\D/g, ''), b.replaceAll(/\D/g, '')];
  return digitsA.length === digitsB.length && digitsA !== digitsB;
}

/** What was found of a line: a likelihood takes a millisecond or two, and is asked for again with each line of the person. */
interface Findings {
  /** Logarithm of the likelihood of the text as it was read. */
  readonly asRead: number;
  readonly worths: Map<string, number>;
}
const findingsOf = new WeakMap<NamedLine, Findings>();
const MOST_WORTHS = 32;

/** How much more likely it is that the line holds `name` than the name that was read, by the logarithm. */
function worthOf(line: NamedLine, name: string): number {
  if (name === line.name) return 0;
  let findings = findingsOf.get(line);
  if (findings === undefined) {
    findings = { asRead: line.evidence.logLikelihood(line.text), worths: new Map() };
    findingsOf.set(line, findings);
  }
  const { asRead, worths } = findings;
  // Of letters that the recogniser does not know it can say nothing.
  if (asRead === -Infinity) return -Infinity;
  const known = worths.get(name);
  if (known !== undefined) return known;
  const opinion = line.evidence.read === line.text ? 0 : SECOND_OPINION;
  const worth = line.evidence.logLikelihood(withName(line, name)) - asRead - opinion;
  if (worths.size >= MOST_WORTHS) worths.clear();
  worths.set(name, worth);
  return worth;
}

function withName({ text, name: read, at }: NamedLine, name: string): string {
  return text.slice(0, at) + name + text.slice(at + read.length);
}

/** What stands before the text of a line with a speaker. */
function headOf(line: string, grammar: Grammar): string | null {
  const { speaker, text } = grammar.parse(line);
  return speaker !== null && line.endsWith(text) ? line.slice(0, line.length - text.length) : null;
}

/** The text of a line, begun as somebody's lines begin where its pixels leave room for that; null where they do not. */
function withHead({ text, evidence }: ReadLine, heads: readonly Head[]): string | null {
  let best: string | null = null;
  let most = 0;
  let asRead: number | null = null;
  for (const { text: head, prior } of heads)
    for (const length of [head.length - 1, head.length, head.length + 1]) {
      if (editDistance(head, text.slice(0, length)) !== 1) continue;
      asRead ??= evidence.logLikelihood(text);
      const headed = head + text.slice(length);
      const worth = evidence.logLikelihood(headed) - asRead + prior;
      if (worth <= most) continue;
      most = worth;
      best = headed;
    }
  return best;
}

function priorOf({ count, before }: Person): number {
  return priorOfCount(count + (before?.count ?? 0));
}

function priorOfCount(count: number): number {
  return Math.min(MOST_PRIOR, ONCE + Math.log(count));
}

/** The name as it is spelt more often, whether or not it was ever read so. */
function likelier(name: string): string {
  return name.replaceAll(STRAY_I, 'l');
}

/** How much less likely a name is for how it is spelt, by the logarithm. */
function rarityOf(name: string): number {
  return (name.includes(' ') ? SPACED : 0) + STRAY_I_COST * (name.match(STRAY_I)?.length ?? 0);
}

function bestNameOf({ readings, before, isCertain, lines, name }: Person): string {
  if (isCertain || readings.size === 1) return name;
  let best = name;
  let most = -Infinity;
  for (const reading of readings) {
    let sum = 0;
    for (const line of lines) sum += Math.max(LEAST_WORTH, worthOf(line, reading));
    // What misleads a recogniser in one line does so in the next: lines are no witnesses of their own.
    const prior = (reading === before?.name ? priorOfCount(before.count) : 0) - rarityOf(reading);
    const worth = sum / Math.sqrt(Math.max(1, lines.length)) + prior;
    if (worth > most) {
      most = worth;
      best = reading;
    }
  }
  return best;
}
