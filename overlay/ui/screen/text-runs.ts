/** A text cut at spans of it, to mark them. */

/** UTF-16 units from `start` to before `end`. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** A run of text; the runs of a text joined give it back. */
export interface TextRun {
  readonly text: string;
  readonly hit: boolean;
}

/** The runs of `source` inside and outside of `spans`, which may overlap and come in any order. */
export function cutRuns(source: string, spans: readonly TextSpan[]): readonly TextRun[] {
  const runs: TextRun[] = [];
  let done = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const from = Math.max(start, done);
    if (end <= from) continue;
    if (from > done) runs.push({ text: source.slice(done, from), hit: false });
    runs.push({ text: source.slice(from, end), hit: true });
    done = end;
  }
  if (done < source.length) runs.push({ text: source.slice(done), hit: false });
  return runs;
}
