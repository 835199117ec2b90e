/**
 * What a line reads when several saw it. Of two readings the more confident counts. Three or more vote: each is aligned
 * to the most confident one, and at each place the character with the most confidence behind it wins. The first of the
 * readings is preferred where nothing decides.
 */
import type { LineBody } from '../entry.ts';
import { alignTo } from './edit-distance.ts';

/** Longer lines do not vote, the most confident reading counts: an alignment costs the square of the length. */
const votingCharactersLimit = 400;
/** So that readings of no confidence still count as readings. */
const leastWeight = 0.01;

interface Ballot {
  readonly text: string;
  readonly weight: number;
}

/** Weights of what was voted for, in the order in which it came up. */
class Tally {
  readonly #weights = new Map<string, number>();

  add(choice: string, weight: number): void {
    this.#weights.set(choice, (this.#weights.get(choice) ?? 0) + weight);
  }

  /** The heaviest choice; the one that came up first where two are equal. */
  winner(): string {
    let [best, most] = ['', -1];
    for (const [choice, weight] of this.#weights) if (weight > most) [best, most] = [choice, weight];
    return best;
  }
}

function mostConfident<T extends { readonly confidence: number }>(readings: readonly T[]): T | null {
  let best: T | null = null;
  for (const reading of readings) if (best === null || reading.confidence > best.confidence) best = reading;
  return best;
}

/** The vote on one text; `pivot` is one of the ballots, and wins where nothing decides. */
function voteText(pivot: string, ballots: readonly Ballot[]): string {
  if (ballots.every(({ text }) => text === pivot)) return pivot;
  const places = Array.from(pivot);
  const others = ballots.map(({ text, weight }) => ({ characters: Array.from(text), weight }));
  if ([places, ...others.map(({ characters }) => characters)].some(({ length }) => length > votingCharactersLimit)) {
    return pivot;
  }
  const at = places.map((character) => tallyOf(character));
  const before = Array.from({ length: places.length + 1 }, () => tallyOf(''));
  for (const { characters, weight } of others) {
    const aligned = alignTo(places, characters);
    for (const [place, tally] of at.entries()) tally.add(aligned.at[place] ?? '', weight);
    for (const [place, tally] of before.entries()) tally.add(aligned.before[place] ?? '', weight);
  }
  return before.map((tally, place) => tally.winner() + (at[place]?.winner() ?? '')).join('');
}

/** A tally in which `first` came up first, without weight: the pivot's own choice wins where two are equal. */
function tallyOf(first: string): Tally {
  const tally = new Tally();
  tally.add(first, 0);
  return tally;
}

function weightOf(reading: LineBody): number {
  return reading.confidence + leastWeight;
}

function weightOfAll(readings: readonly LineBody[]): number {
  return readings.reduce((sum, reading) => sum + weightOf(reading), 0);
}

/** Readings that agree with most on whether somebody spoke. */
function sameKind(readings: readonly LineBody[]): readonly LineBody[] {
  const spoken = readings.filter(({ speaker }) => speaker !== null);
  const bare = readings.filter(({ speaker }) => speaker === null);
  return weightOfAll(spoken) >= weightOfAll(bare) ? spoken : bare;
}

/**
 * The reading that all of `readings` together make; of equal ones the first counts.
 * @throws RangeError where there is none.
 */
export function voteReading(readings: readonly LineBody[]): LineBody {
  const voters = readings.length < 3 ? readings : sameKind(readings);
  const pivot = mostConfident(voters);
  if (pivot === null) throw new RangeError('Expected at least one reading but received none');
  if (readings.length < 3) return pivot;
  const ballots = (textOf: (reading: LineBody) => string) =>
    voters.map((reading) => ({ text: textOf(reading), weight: weightOf(reading) }));
  const channels = tallyOf(pivot.channel);
  for (const reading of readings) channels.add(reading.channel, weightOf(reading));
  return {
    line: voteText(
      pivot.line,
      ballots(({ line }) => line),
    ),
    speaker:
      pivot.speaker === null
        ? null
        : voteText(
            pivot.speaker,
            ballots(({ speaker }) => speaker ?? ''),
          ),
    text: voteText(
      pivot.text,
      ballots(({ text }) => text),
    ),
    channel: channels.winner(),
    confidence: pivot.confidence,
    colours: pivot.colours,
  };
}
