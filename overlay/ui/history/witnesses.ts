/**
 * Who saw a line: the readings that were merged into it, by this device and by peers. A line of this device alone has
 * none to name.
 */
import type { LogLine } from '../../../storage/log.ts';

/** One reading of a line by one device. */
export interface Witness {
  /** Null: this device. */
  readonly peer: string | null;
  readonly line: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly atMs: number;
}

function isWitness(value: unknown): value is Witness {
  if (typeof value !== 'object' || value === null) return false;
  const { peer, line, confidence, atMs }: Partial<Record<keyof Witness, unknown>> = value;
  return (
    (peer === null || typeof peer === 'string') &&
    typeof line === 'string' &&
    typeof confidence === 'number' &&
    typeof atMs === 'number'
  );
}

/** The readings of a line, this device's first; empty where nobody but this device saw it. */
export function witnessesOf(line: LogLine): readonly Witness[] {
  const value: unknown = Reflect.get(line, 'witnesses');
  if (!Array.isArray(value)) return [];
  const witnesses = value.filter(isWitness);
  if (witnesses.every(({ peer }) => peer === null)) return [];
  return witnesses.toSorted((a, b) => Number(a.peer !== null) - Number(b.peer !== null) || a.atMs - b.atMs);
}

/** Names of the witnesses, each once, `You` for this device. */
export function witnessNames(witnesses: readonly Witness[], nameOf: (peer: string) => string): readonly string[] {
  return [...new Set(witnesses.map(({ peer }) => (peer === null ? 'You' : nameOf(peer))))];
}

/** `Ana`, `Ana, Bo`, `Ana +3`: as much as fits a row. */
export function witnessText(names: readonly string[]): string {
  const [first = '', second] = names;
  if (second === undefined) return first;
  return names.length === 2 ? `${first}, ${second}` : `${first} +${names.length - 1}`;
}
