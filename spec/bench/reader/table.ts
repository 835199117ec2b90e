/** The table of the benchmark: which figure stands in which column. */
import type { RowFigures, RowName } from './figures.ts';
import type { PublishedScore } from './published-score.ts';

export const rowTitles: Readonly<Record<RowName, string>> = {
  cold: 'this reader, no font',
  learning: 'this reader, font unknown',
  font: 'this reader, font learned',
  'whole-frame': 'whole frames, tesseract.js',
  command: 'whole frames, tesseract',
};

/** Printed above the table. */
export const legend = [
  'false %: of the lines that were logged; late: from when a line was said until it was told, ms of the recording',
  'CPU: ms a frame that was handed on; quiet: the same in frames with nothing to read; by font: rows of chat that no',
  'engine was asked for, %; reads: readings by the font alone, scene too, %; font ms, eng. ms: CPU a reading so, and by',
  'the engines; MB: most that the process held',
] as const;

interface Column {
  readonly title: string;
  readonly digits: number;
  readonly valueOf: (figures: RowFigures, score: PublishedScore | null) => number | null | undefined;
}

const NAME_WIDTH = 28;
const WIDTH = 10;

const percent = (share: number | null | undefined): number | null => (typeof share === 'number' ? 100 * share : null);
const mean = (sum: number | null | undefined, count: number | undefined): number | null =>
  typeof sum !== 'number' || count === undefined || count === 0 ? null : sum / count;

const columns: readonly Column[] = [
  { title: 'F1', digits: 3, valueOf: (_, score) => score?.f1 },
  { title: 'CER %', digits: 2, valueOf: (_, score) => percent(score?.cer) },
  { title: 'exact %', digits: 1, valueOf: (_, score) => percent(score?.exact) },
  { title: 'speaker %', digits: 1, valueOf: (_, score) => percent(score?.speaker) },
  { title: 'late p50', digits: 0, valueOf: (_, score) => score?.late_p50_ms },
  { title: 'late p95', digits: 0, valueOf: (_, score) => score?.late_p95_ms },
  { title: 'false %', digits: 1, valueOf: (_, score) => (score === null ? null : percent(1 - score.precision)) },
  { title: 'CPU', digits: 1, valueOf: ({ cpuMs, frames }) => mean(cpuMs, frames) },
  { title: 'quiet', digits: 1, valueOf: ({ quiet }) => mean(quiet?.cpuMs, quiet?.frames) },
  { title: 'by font', digits: 0, valueOf: ({ rows }) => percent(mean(rows?.unasked, rows?.chat)) },
  { title: 'reads', digits: 0, valueOf: ({ rows }) => percent(mean(rows?.matched, rows?.read)) },
  { title: 'font ms', digits: 1, valueOf: ({ rows }) => rows?.matchedMs },
  { title: 'eng. ms', digits: 1, valueOf: ({ rows }) => rows?.askedMs },
  { title: 'MB', digits: 0, valueOf: ({ peakMb }) => peakMb },
];

/** A line of words below the name's column. */
export const remark = (text: string): string => `${' '.repeat(NAME_WIDTH)}${text}`;

export const header = remark(columns.map(({ title }) => title.padStart(WIDTH)).join(''));

export function rowOf(name: RowName, figures: RowFigures, score: PublishedScore | null): string {
  const cells = columns.map(({ digits, valueOf }) => {
    const value = valueOf(figures, score) ?? null;
    return (value === null ? '-' : value.toFixed(digits)).padStart(WIDTH);
  });
  return `${rowTitles[name].padEnd(NAME_WIDTH)}${cells.join('')}`;
}
