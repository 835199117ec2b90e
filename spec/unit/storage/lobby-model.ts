/**
 * A lobby as it truly was, and what several devices read of it: each with its clock, its delay, the lines that it missed
 * and the letters that its OCR got wrong. Seeded, so that a failure can be played again.
 */
import type { Entry, LineEntry, LogLine } from '../../../storage/index.ts';
import { startMs } from './log-kit.ts';
import { Device } from './peer-kit.ts';

export interface WitnessPlan {
  /** Null: this device. */
  readonly name: string | null;
  /** Its clock less the true time, ms. */
  readonly offsetMs: number;
  /** Share of lines that it did not see. */
  readonly missed: number;
  /** Share of characters that it misread. */
  readonly misread: number;
  /** It saw lines from this one to that one. */
  readonly from?: number;
  readonly to?: number;
}

export interface LobbyPlan {
  readonly seed: number;
  readonly lines: number;
  /** Share of lines that are one of a few short ones, such as "gg". */
  readonly repeated: number;
  readonly witnesses: readonly WitnessPlan[];
}

/** Linear congruential: the same lobby for the same seed. */
export function makeDice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const speakers = ['Bob', 'Zoe', 'xX_Sniper_Xx', 'Mara', 'ko', 'Prof. Dr. T'];
const words = 'the flag is at our base and they come from left side with two tanks so wait for me please now go'.split(
  ' ',
);
const short = ['gg', 'lol', 'hi', 'brb', 'go go go', 'nice shot'];
const letters = 'abcdefghijklmnopqrstuvwxyz';

export interface Lobby {
  /** Entries of each witness, in its order: session first. */
  readonly feeds: readonly (readonly Entry[])[];
  /** True line of each line's id. */
  readonly truth: ReadonlyMap<string, number>;
  /** How many true lines somebody saw. */
  readonly seenCount: number;
}

function misread(text: string, share: number, dice: (sides: number) => number): string {
  return Array.from(text, (character) =>
    character !== '<' && character !== '>' && character !== ' ' && dice(1_000) < share * 1_000
      ? letters.charAt(dice(26))
      : character,
  ).join('');
}

export function playLobby({ seed, lines, repeated, witnesses }: LobbyPlan): Lobby {
  const dice = makeDice(seed);
  const pick = (list: readonly string[]) => list[dice(list.length)] ?? '';
  let atMs = startMs;
  const said = Array.from({ length: lines }, () => {
    atMs += 400 + dice(9_000);
    const text =
      dice(1_000) < repeated * 1_000 ? pick(short) : Array.from({ length: 3 + dice(8) }, () => pick(words)).join(' ');
    return { atMs, text: `<${pick(speakers)}> ${text}` };
  });
  const truth = new Map<string, number>();
  const feeds = witnesses.map(({ name, offsetMs, missed, misread: share, from = 0, to = lines }) => {
    const device = new Device(name);
    const session = device.session('Quake', null, startMs + offsetMs + (said[from]?.atMs ?? startMs) - startMs - 100);
    const entries: Entry[] = [session];
    let lastMs = 0;
    for (const [number, line] of said.entries()) {
      if (number < from || number >= to || dice(1_000) < missed * 1_000) continue;
      // A frame is a third of a second, and the network has its own delay.
      lastMs = Math.max(lastMs, line.atMs + offsetMs + dice(900));
      const confidence = (50 + dice(50)) / 100;
      const entry: LineEntry = device.line(session.id, misread(line.text, share, dice), lastMs, { confidence });
      truth.set(entry.id, number);
      entries.push(entry);
    }
    return entries;
  });
  return { feeds, truth, seenCount: new Set(truth.values()).size };
}

export type Arrival = 'in turn' | 'by time' | 'at random';

/** The entries of all witnesses in one order that keeps each witness's own. */
export function mix(feeds: readonly (readonly Entry[])[], arrival: Arrival, seed: number): readonly Entry[] {
  if (arrival === 'in turn') return feeds.flat();
  const dice = makeDice(seed + 1);
  const rest = feeds.map((feed) => [...feed]);
  const mixed: Entry[] = [];
  for (;;) {
    const open = rest.filter((feed) => feed.length > 0);
    const [first] = open;
    if (first === undefined) return mixed;
    const next =
      arrival === 'by time'
        ? open.reduce((best, feed) => ((feed[0]?.atMs ?? 0) < (best[0]?.atMs ?? 0) ? feed : best), first)
        : (open[dice(open.length)] ?? first);
    const entry = next.shift();
    if (entry !== undefined) mixed.push(entry);
  }
}

/** How the log's lines stand to the truth. */
export interface Judgement {
  readonly shown: number;
  /** Pairs of readings of one true line that were, or were not, brought together. */
  readonly joined: number;
  readonly apart: number;
  /** Pairs of readings in one group that are of different true lines. */
  readonly wrong: number;
}

export function judge(lines: readonly LogLine[], truth: ReadonlyMap<string, number>): Judgement {
  let [joined, wrong] = [0, 0];
  for (const { witnesses = [] } of lines) {
    for (const [at, one] of witnesses.entries()) {
      for (const other of witnesses.slice(at + 1)) {
        if (truth.get(one.id) === truth.get(other.id)) joined += 1;
        else wrong += 1;
      }
    }
  }
  const readings = new Map<number, number>();
  for (const number of truth.values()) readings.set(number, (readings.get(number) ?? 0) + 1);
  const pairs = [...readings.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  return { shown: lines.length, joined, apart: pairs - joined, wrong };
}
