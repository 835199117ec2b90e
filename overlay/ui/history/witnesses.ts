/**
 * Who saw a line: the readings that were merged into it, by this device and by peers, or the one peer that read it. A
 * line of this device alone has none to name.
 */
import type { LogLine, Witness as LogWitness } from '../../../storage/log.ts';

/** One reading of a line by one device; `peer` null: this device. */
export type Witness = Pick<LogWitness, 'peer' | 'line' | 'confidence' | 'atMs'>;

/** The readings of a line, this device's first; empty where nobody but this device saw it. */
export function witnessesOf(line: LogLine): readonly Witness[] {
  const { origin, witnesses } = line;
  if (witnesses === undefined) {
    const { line: reading, confidence, atMs } = line;
    return origin === undefined ? [] : [{ peer: origin.peer, line: reading, confidence, atMs }];
  }
  if (witnesses.every(({ peer }) => peer === null)) return [];
  return witnesses.toSorted((a, b) => Number(a.peer !== null) - Number(b.peer !== null) || a.atMs - b.atMs);
}

/** Whether `line` stands for the line `id`, too: both are readings of one line of chat. */
export function standsFor(line: LogLine, id: string): boolean {
  return line.id !== id && line.witnesses?.some((witness) => witness.id === id) === true;
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
