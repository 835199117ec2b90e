/**
 * Reads every record of the journal from the disk again and compares the index with it: each line that the journal
 * keeps must stand in the index once, and the index must hold no other.
 */
import { decodeEntries } from './entry-codec.ts';
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
      for (const [offset, entry] of decodeEntries(plain).entries()) {
        records += 1;
        if (!entry.ok) {
          problems.push(`Record ${sequence + offset} of ${journalName(fileNumber)} at byte ${at} ${entry.error}.`);
        } else if (entry.value.kind === 'line') lines.add(entry.value.id);
        else if (entry.value.kind === 'tombstone') deleted.add(entry.value.of);
      }
    });
    problems.push(...reading.problems);
    // A reader finds the torn tail again; a writer has cut it.
    if (input.isWriter) tornBytes += reading.tornBytes;
  } catch (error) {
    problems.push(explainFailure(error, `The log in ${folder} could not be read to its end`, '').message);
    return { ok: false, records, lines: lines.size, tornBytes, problems };
  }
  problems.push(...compare(index, lines, deleted));
  const kept = [...lines].filter((id) => !deleted.has(id)).length;
  return { ok: problems.length === 0, records, lines: kept, tornBytes, problems };
}

const advice = 'No line is lost: delete index.lks, and the index is built again.';

function compare(index: LogIndex, lines: ReadonlySet<string>, deleted: ReadonlySet<string>): readonly string[] {
  const database = index.read();
  const stateOf = (id: string) =>
    database.first('SELECT deleted, doc, group_n FROM lines WHERE id = ?', [id])?.number(0) ?? null;
  const problems: string[] = [];
  const absent = [...lines].filter((id) => stateOf(id) === null).length;
  const standing = [...deleted].filter((id) => stateOf(id) === 0).length;
  const count = (what: string) => database.first(`SELECT count(*) FROM lines WHERE ${what}`)?.number(0) ?? 0;
  const surplus = count('true') - (lines.size - absent);
  // Each line that is not deleted is shown, or stands behind one that is.
  const lost = count(
    `deleted = 0 AND doc IS NULL AND NOT EXISTS
       (SELECT 1 FROM lines r WHERE r.n = lines.group_n AND r.group_n = r.n AND r.doc IS NOT NULL)`,
  );
  if (absent > 0) problems.push(`The search index lacks ${absent} lines that the journal keeps. ${advice}`);
  if (surplus > 0) problems.push(`The search index holds ${surplus} lines that the journal does not keep. ${advice}`);
  if (standing > 0) problems.push(`The search index shows ${standing} lines that were deleted. ${advice}`);
  if (lost > 0) problems.push(`The search index hides ${lost} lines. ${advice}`);
  return problems;
}
