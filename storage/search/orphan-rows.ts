/** Revisions and deletions that name a line which has not come: they wait for it. */
import type { Entry, EntryId, RevisionEntry, TombstoneEntry } from '../entry.ts';
import { decodeEntry, encodeEntry } from '../entry-codec.ts';
import type { SqlDatabase } from './database.ts';
import type { EntryPlace } from './log-index.ts';

export interface Orphan {
  readonly entry: RevisionEntry | TombstoneEntry;
  readonly place: EntryPlace;
  readonly hasPicture: boolean;
}

export class OrphanRows {
  readonly #database: SqlDatabase;
  #count: number;

  constructor(database: SqlDatabase) {
    this.#database = database;
    this.#count = database.first('SELECT count(*) FROM orphans')?.number(0) ?? 0;
  }

  keep(entry: RevisionEntry | TombstoneEntry, place: EntryPlace): void {
    const bare: Entry = entry.kind === 'revision' ? { ...entry, picture: null } : entry;
    const hasPicture = entry.kind === 'revision' && entry.picture !== null;
    this.#count += 1;
    this.#database.run('INSERT INTO orphans VALUES (?, ?, ?, ?, ?)', [
      place.sequence,
      entry.of,
      Buffer.from(encodeEntry(bare)).toString('base64'),
      hasPicture ? place.fileNumber : null,
      hasPicture ? place.at : null,
    ]);
  }

  /** What waited for the line, in order; it waits no longer. */
  take(id: EntryId): readonly Orphan[] {
    if (this.#count === 0) return [];
    const rows = this.#database.all(
      'SELECT n, entry, picture_file, picture_at FROM orphans WHERE target = ? ORDER BY n',
      [id],
    );
    if (rows.length === 0) return [];
    this.#database.run('DELETE FROM orphans WHERE target = ?', [id]);
    this.#count -= rows.length;
    return rows.flatMap((row) => {
      const decoded = decodeEntry(new Uint8Array(Buffer.from(row.text(1), 'base64')));
      if (!decoded.ok) return [];
      const entry = decoded.value;
      if (entry.kind !== 'revision' && entry.kind !== 'tombstone') return [];
      const place = { sequence: row.number(0), fileNumber: row.numberOrNull(2) ?? 0, at: row.numberOrNull(3) ?? 0 };
      return [{ entry, place, hasPicture: row.numberOrNull(2) !== null }];
    });
  }
}
