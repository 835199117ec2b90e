/**
 * Reads every record of the journal from the disk again and compares the index with it: each line that the journal
 * keeps must stand in the index once, and the index must hold no other.
 */
import { decodeEntry } from './entry-codec.ts';
import { explainFailure } from './files/failure.ts';
import type { Files } from './files/files.ts';
import { journalName, readJournal } from './journal/journal-reader.ts';
import type { LogKey } from './key/key-file.ts';
import type { VerifyReport } from './log.ts';
import type { LogIndex } from './search/log-index.ts';

export interface VerifyInput {
  readonly files: Files;
  readonly folder: string;
  readonly key: LogKey;
  readonly index: LogIndex;
  /** Bytes that opening cut. */
  readonly tornBytes: number;
  /** Where the index ends; records behind it were written by another process since and are not compared. */
  readonly nextSequence: number;
  readonly isWriter: boolean;
}

/** Never throws for what a disk does: that is a problem of the report. */
export async function verifyLog(input: VerifyInput): Promise<VerifyReport> {
  const { files, folder, key, index, nextSequence } = input;
  const lines = new Set<string>();
  const deleted = new Set<string>();
  const problems: string[] = [];
  let records = 0;
  let tornBytes = input.tornBytes;
  try {
    const reading = await readJournal({ files, folder, key, from: null }, ({ fileNumber, sequence, at, plain }) => {
      if (sequence >= nextSequence) return;
      records += 1;
      const entry = decodeEntry(plain);
      if (!entry.ok) problems.push(`Record ${sequence} of ${journalName(fileNumber)} at byte ${at} ${entry.error}.`);
      else if (entry.value.kind === 'line') lines.add(entry.value.id);
      else if (entry.value.kind === 'tombstone') deleted.add(entry.value.of);
    });
    problems.push(...reading.problems);
    // A reader finds the torn tail again; a writer has cut it.
    if (input.isWriter) tornBytes += reading.tornBytes;
  } catch (error) {
    problems.push(explainFailure(error, `The log in ${folder} could not be read to its end`, '').message);
    return { ok: false, records, lines: lines.size, tornBytes, problems };
  }
  const kept = [...lines].filter((id) => !deleted.has(id));
  problems.push(...compare(index, kept));
  return { ok: problems.length === 0, records, lines: kept.length, tornBytes, problems };
}

function compare(index: LogIndex, kept: readonly string[]): readonly string[] {
  const { database } = index;
  const find = 'SELECT 1 FROM lines WHERE id = ? AND doc IS NOT NULL';
  const absent = kept.filter((id) => database.first(find, [id]) === null).length;
  const indexed = database.first('SELECT count(*) FROM lines WHERE doc IS NOT NULL')?.number(0) ?? 0;
  const advice = 'No line is lost: delete index.lks, and the index is built again.';
  const problems: string[] = [];
  if (absent > 0) problems.push(`The search index lacks ${absent} lines that the journal keeps. ${advice}`);
  if (indexed > kept.length - absent) {
    problems.push(
      `The search index holds ${indexed - kept.length + absent} lines that the journal does not keep. ${advice}`,
    );
  }
  return problems;
}
