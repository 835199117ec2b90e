/**
 * Ballot: what readings took one shape for. An engine's mistakes are outvoted; letters that a font draws with the same
 * pixels stay undecided, unless their neighbours tell: lower-case l stands between other letters than capital I.
 */

/** Votes for one character. */
export interface Label {
  /** One code point. */
  readonly text: string;
  /** Sum over the lines, each weighed with how sure its reading was (0 to 1); a user's correction weighs more. */
  weight: number;
  /** Lines that gave it. */
  lines: number;
}

/** What lines agree on. */
export interface Verdict {
  readonly text: string;
  /** Share of the votes, 0 to 1. */
  readonly share: number;
}

/** The characters around one; a space where the word begins or ends. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/** Lines that must agree, and their weight. */
const KNOWN_LINES = 2;
const KNOWN_WEIGHT = 1.4;
/** Share of the votes that a known character has. */
const KNOWN_SHARE = 0.85;
/** The same where the neighbours decide. */
const AROUND_LINES = 3;
const AROUND_SHARE = 0.85;
/** An engine that is less sure each time only guesses. */
const GUESS = 0.6;
/** Characters that some fonts draw with the same pixels: there nobody can but guess, and the likelier one will do. */
const TWINS = ['lI|', 'O0o', "'’", '-–'] as const;
const TWIN_SHARE = 0.5;
/** The same where no such neighbours were seen yet. */
const TWIN_SHARE_ANYWHERE = 0.75;
/** Votes below this share of the first character's do not make it another one. */
const LEAST_TWIN = 0.1;
/** A vote for a character that has a shape of its own elsewhere is a misreading, and counts so much. */
const MISREAD_WEIGHT = 0.25;
/** So is a single vote against so many. */
const LONE_AGAINST = 4;
/** A correction counts as so many lines; what others read weighs no more than this behind it. */
const CORRECTION_LINES = 4;
const CORRECTED_WEIGHT = 0.5;
const MOST_LABELS = 8;
const MOST_NEIGHBOURS = 96;

export class Ballot {
  readonly labels: Label[] = [];
  /** Votes by neighbours: key, then character. */
  readonly neighbours = new Map<string, Label[]>();

  /** The character with most weight; null before the first vote. */
  get top(): Label | null {
    let best: Label | null = null;
    for (const label of this.labels) if (best === null || label.weight > best.weight) best = label;
    return best;
  }

  /** Whether enough lines gave the first character for something to be said. */
  get isCounted(): boolean {
    const { top } = this;
    return top !== null && top.lines >= KNOWN_LINES && top.weight >= KNOWN_WEIGHT;
  }

  vote(text: string, weight: number, around: Around): void {
    count(this.labels, text, weight);
    if (this.labels.length > MOST_LABELS) {
      this.labels.sort((a, b) => b.weight - a.weight);
      this.labels.pop();
    }
    // Kinds are few; neighbours themselves are counted where there is something to decide.
    const [exact, ...kinds] = keysOf(around);
    for (const key of this.labels.length < 2 ? kinds : [exact, ...kinds]) {
      const votes = this.neighbours.get(key) ?? [];
      if (votes.length === 0 && this.neighbours.size >= MOST_NEIGHBOURS) continue;
      count(votes, text, weight);
      this.neighbours.set(key, votes);
    }
  }

  /** Takes a user's correction: what was read before counts little against it. */
  correct(text: string, around: Around): void {
    for (const labels of [this.labels, ...keysOf(around).flatMap((key) => [this.neighbours.get(key) ?? []])])
      for (const label of labels) if (label.text !== text) label.weight = Math.min(label.weight, CORRECTED_WEIGHT);
    for (let line = 0; line < CORRECTION_LINES; line++) this.vote(text, 1, around);
  }

  /** @param hasOwn whether a character has a shape of its own that is another one. */
  judge(hasOwn: (text: string) => boolean): Verdict | null {
    const { top } = this;
    if (top === null || !this.isCounted) return null;
    const share = shareOf(top, this.labels, hasOwn);
    return share >= KNOWN_SHARE ? { text: top.text, share: share * certainty(top) } : null;
  }

  /** What the shape is between these neighbours; null where they do not tell. */
  judgeAround(around: Around, hasOwn: (text: string) => boolean): Verdict | null {
    for (const key of keysOf(around)) {
      const votes = this.neighbours.get(key) ?? [];
      const top = votes.reduce<Label | null>((most, one) => (one.weight > (most?.weight ?? 0) ? one : most), null);
      if (top === null || top.lines < AROUND_LINES) continue;
      const share = shareOf(top, votes, hasOwn);
      const sureness = top.weight / top.lines;
      if (this.#isTwin(hasOwn)) return share < TWIN_SHARE ? null : { text: top.text, share: share * sureness };
      return share < AROUND_SHARE || sureness < GUESS ? null : { text: top.text, share: share * certainty(top) };
    }
    // Nothing like these neighbours was seen yet.
    const { top } = this;
    const share = top === null || !this.#isTwin(hasOwn) ? 0 : shareOf(top, this.labels, hasOwn);
    return top === null || share < TWIN_SHARE_ANYWHERE ? null : { text: top.text, share };
  }

  #isTwin(hasOwn: (text: string) => boolean): boolean {
    const least = (this.top?.weight ?? 0) * LEAST_TWIN;
    const likely = this.labels.filter(({ text, weight, lines }) => weight >= least && (lines > 1 || !hasOwn(text)));
    const texts = likely.map(({ text }) => text);
    return TWINS.some((twins) => texts.every((text) => twins.includes(text)));
  }
}

/** Share of the votes that the first of them has, those left away for the most part that are misreadings. */
function shareOf(top: Label, votes: readonly Label[], hasOwn: (text: string) => boolean): number {
  let against = 0;
  for (const other of votes) {
    if (other === top) continue;
    const isMisread = hasOwn(other.text) || (other.lines === 1 && top.lines >= LONE_AGAINST);
    against += isMisread ? other.weight * MISREAD_WEIGHT : other.weight;
  }
  return top.weight / (top.weight + against);
}

function count(labels: Label[], text: string, weight: number): void {
  const label = labels.find((one) => one.text === text);
  if (label === undefined) {
    if (labels.length <= MOST_LABELS) labels.push({ text, weight, lines: 1 });
  } else {
    label.weight += weight;
    label.lines += 1;
  }
}

/** A few votes could all be wrong: one more against them is counted in, by a tenth. */
function certainty({ weight }: Label): number {
  return weight / (weight + 0.1);
}

/** The neighbours themselves, their kinds, the kind of the one before. */
function keysOf({ before, after }: Around): readonly [string, string, string] {
  return [`${before}${after}`, `${kindOf(before)}/${kindOf(after)}`, `${kindOf(before)}/`];
}

function kindOf(text: string): string {
  if (/\p{Ll}/u.test(text)) return 'lower';
  if (/\p{Lu}/u.test(text)) return 'upper';
  if (/\p{N}/u.test(text)) return 'digit';
  return text === ' ' ? 'edge' : 'mark';
}
