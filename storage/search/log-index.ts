/**
 * The index of the log: takes entries in the order of the journal and holds each line as it reads today (revisions
 * applied, deletions gone). An entry whose id it has seen is ignored, which is what makes a retried append harmless.
 * What names a line or session that has not come yet waits for it and is never lost.
 */
import type { SqlJsStatic } from 'sql.js';
import type { Entry, EntryId, LineBody, LineEntry, RevisionEntry, TombstoneEntry, UnixMs } from '../entry.ts';
import { decodeEntry, encodeEntry } from '../entry-codec.ts';
import { SqlDatabase } from './database.ts';
import { schema } from './schema.ts';
import { foldAlike, foldText, hasLink, tokenize } from './tokens.ts';

/** Where an entry stands: its sequence number and the record that holds its picture. */
export interface EntryPlace {
  readonly sequence: number;
  readonly fileNumber: number;
  readonly at: number;
}

/** Who gave a line its reading of today. */
const readings = { first: 0, reader: 1, user: 2 } as const;
const rememberLimit = 10_000;
const unknownGame = 'Unknown game';

/** SQLite ends text at a NUL and holds no half of a surrogate pair. */
const clean = (text: string) => text.replaceAll(/\0|\p{Surrogate}/gu, '\uFFFD');

export class LogIndex {
  readonly database: SqlDatabase;
  /** Built anew: words go in at the end, once a line, instead of once a reading. */
  #bulk = false;
  /** Rows of names and sessions by their text: saves most statements of an append. */
  readonly #names = new Map<string, number>();
  readonly #sessions = new Map<string, number>();
  #orphans: number;

  constructor(sql: SqlJsStatic, bytes: Uint8Array | null) {
    this.database = new SqlDatabase(sql, bytes, {
      holds_folded: (line, needle) => (foldText(String(line)).includes(String(needle)) ? 1 : 0),
      holds_alike: (line, needle) => (foldAlike(foldText(String(line))).includes(String(needle)) ? 1 : 0),
    });
    if (bytes === null) this.database.script(schema);
    this.#orphans = this.database.first('SELECT count(*) FROM orphans')?.number(0) ?? 0;
  }

  /**
   * Runs `fill`, which calls `apply`, in one transaction; where it throws, the index is worthless. On an empty index words
   * go in at the end, about three times as fast.
   */
  async fill<T>(isEmpty: boolean, fill: () => Promise<T>): Promise<T> {
    this.#bulk = isEmpty;
    this.database.script('BEGIN');
    const result = await fill();
    if (isEmpty) this.#addAllWords();
    this.database.script('COMMIT');
    this.#bulk = false;
    return result;
  }

  #addAllWords(): void {
    for (const row of this.database.all('SELECT doc, line FROM lines WHERE doc IS NOT NULL ORDER BY doc')) {
      this.#addWords(row.number(0), row.text(1));
    }
  }

  /** Applies entries as a whole or not at all. */
  applyAll(entries: readonly { readonly entry: Entry; readonly place: EntryPlace }[]): void {
    this.database.transaction(() => {
      for (const { entry, place } of entries) this.apply(entry, place);
    });
  }

  /** The whole index as bytes. First merges the pieces in which words came in: prefixes are found 20 times as fast. */
  export(): Uint8Array {
    this.database.script("INSERT INTO words(words) VALUES ('optimize')");
    return this.database.export();
  }

  has(entry: Entry): boolean {
    const seen =
      entry.kind === 'line'
        ? 'SELECT 1 FROM lines WHERE id = ?'
        : entry.kind === 'session'
          ? 'SELECT 1 FROM sessions WHERE id = ? AND known = 1'
          : 'SELECT 1 FROM seen WHERE id = ?';
    return this.database.first(seen, [entry.id]) !== null;
  }

  /** Applies one entry, inside the caller's transaction. */
  apply(entry: Entry, place: EntryPlace): void {
    if (this.has(entry)) return;
    switch (entry.kind) {
      case 'session':
        this.#setSession(entry.id, entry.game, entry.lobby, entry.atMs);
        break;
      case 'session-end':
        this.#markSeen(entry.id);
        this.#sessionNumber(entry.of, entry.atMs);
        this.database.run('UPDATE sessions SET to_ms = ? WHERE id = ?', [entry.atMs, entry.of]);
        break;
      case 'line':
        this.#addLine(entry, place);
        break;
      case 'revision':
        this.#markSeen(entry.id);
        this.database.run("UPDATE counts SET value = value + 1 WHERE name = 'revisions'");
        if (!this.#revise(entry, place)) this.#keepOrphan(entry, place);
        break;
      case 'tombstone':
        this.#markSeen(entry.id);
        if (!this.#remove(entry)) this.#keepOrphan(entry, place);
        break;
    }
  }

  #markSeen(id: EntryId): void {
    this.database.run('INSERT INTO seen VALUES (?)', [id]);
  }

  #setSession(id: EntryId, givenGame: string, givenLobby: string | null, atMs: UnixMs): void {
    const game = clean(givenGame);
    const lobby = givenLobby === null ? null : clean(givenLobby);
    const gameFold = foldText(game);
    const lobbyFold = foldText(lobby ?? '');
    this.database.run(
      `INSERT INTO sessions(id, known, game, lobby, game_fold, game_alike, lobby_fold, lobby_alike, from_ms)
       VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT(id) DO UPDATE SET known = 1, game = excluded.game, lobby = excluded.lobby,
         game_fold = excluded.game_fold, game_alike = excluded.game_alike, lobby_fold = excluded.lobby_fold,
         lobby_alike = excluded.lobby_alike, from_ms = excluded.from_ms`,
      [id, game, lobby, gameFold, foldAlike(gameFold), lobbyFold, foldAlike(lobbyFold), atMs],
    );
  }

  /** The session's row; one whose entry has not come is made with what is known. */
  #sessionNumber(id: EntryId, atMs: UnixMs): number {
    const find = () => this.database.first('SELECT n FROM sessions WHERE id = ?', [id])?.number(0);
    const found = this.#sessions.get(id) ?? find();
    if (found !== undefined) {
      this.#remember(this.#sessions, id, found);
      return found;
    }
    const fold = foldText(unknownGame);
    this.database.run(
      `INSERT INTO sessions(id, known, game, lobby, game_fold, game_alike, lobby_fold, lobby_alike, from_ms)
       VALUES (?, 0, ?, NULL, ?, ?, '', '', ?)`,
      [id, unknownGame, fold, foldAlike(fold), atMs],
    );
    return find() ?? 0;
  }

  #remember(rows: Map<string, number>, text: string, row: number): void {
    if (rows.size >= rememberLimit) rows.clear();
    rows.set(text, row);
  }

  #nameNumber(name: string): number {
    const find = () => this.database.first('SELECT n FROM names WHERE name = ?', [name])?.number(0);
    const found = this.#names.get(name) ?? find();
    if (found !== undefined) {
      this.#remember(this.#names, name, found);
      return found;
    }
    const fold = foldText(name);
    this.database.run('INSERT INTO names(name, fold, alike) VALUES (?, ?, ?)', [name, fold, foldAlike(fold)]);
    return find() ?? 0;
  }

  #bodyValues(body: LineBody): readonly (string | number | null)[] {
    const line = clean(body.line);
    return [
      body.speaker === null ? null : this.#nameNumber(clean(body.speaker)),
      this.#nameNumber(clean(body.channel)),
      line,
      clean(body.text),
      body.confidence,
      body.colours.join(' '),
      // eslint-disable-next-line no-control-regex -- the range is the whole of ASCII
      /^[\u0000-\u007f]*$/.test(line) ? 1 : 0,
      hasLink(line) ? 1 : 0,
    ];
  }

  #addWords(doc: number, line: string): void {
    const folded = foldText(line);
    const alike = tokenize(foldAlike(folded)).join(' ');
    this.database.run('INSERT INTO words(docid, plain, alike) VALUES (?, ?, ?)', [
      doc,
      tokenize(folded).join(' '),
      alike,
    ]);
  }

  #addLine(entry: LineEntry, place: EntryPlace): void {
    const session = this.#sessionNumber(entry.session, entry.atMs);
    const hasPicture = entry.picture !== null;
    this.database.run(
      `INSERT INTO lines(n, id, session, at_ms, speaker, channel, line, text, confidence, colours, ascii, link, doc,
         revised, picture_file, picture_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${readings.first}, ?, ?)`,
      [
        place.sequence,
        entry.id,
        session,
        entry.atMs,
        ...this.#bodyValues(entry),
        place.sequence,
        hasPicture ? place.fileNumber : null,
        hasPicture ? place.at : null,
      ],
    );
    this.database.run('UPDATE sessions SET lines = lines + 1 WHERE n = ?', [session]);
    if (!this.#bulk) this.#addWords(place.sequence, clean(entry.line));
    this.#adoptOrphans(entry.id);
  }

  #keepOrphan(entry: RevisionEntry | TombstoneEntry, place: EntryPlace): void {
    const bare: Entry = entry.kind === 'revision' ? { ...entry, picture: null } : entry;
    const hasPicture = entry.kind === 'revision' && entry.picture !== null;
    this.#orphans += 1;
    this.database.run('INSERT INTO orphans VALUES (?, ?, ?, ?, ?)', [
      place.sequence,
      entry.of,
      Buffer.from(encodeEntry(bare)).toString('base64'),
      hasPicture ? place.fileNumber : null,
      hasPicture ? place.at : null,
    ]);
  }

  #adoptOrphans(id: EntryId): void {
    if (this.#orphans === 0) return;
    const waiting = this.database.all(
      'SELECT n, entry, picture_file, picture_at FROM orphans WHERE target = ? ORDER BY n',
      [id],
    );
    if (waiting.length === 0) return;
    for (const row of waiting) {
      const decoded = decodeEntry(new Uint8Array(Buffer.from(row.text(1), 'base64')));
      if (!decoded.ok) continue;
      const place = { sequence: row.number(0), fileNumber: row.numberOrNull(2) ?? 0, at: row.numberOrNull(3) ?? 0 };
      if (decoded.value.kind === 'revision') this.#revise(decoded.value, place, row.numberOrNull(2) !== null);
      if (decoded.value.kind === 'tombstone') this.#remove(decoded.value);
    }
    this.database.run('DELETE FROM orphans WHERE target = ?', [id]);
    this.#orphans -= waiting.length;
  }

  /** False where its line has not come. The user's reading stays against the reader's; else the latest counts. */
  #revise(entry: RevisionEntry, place: EntryPlace, hasPicture = entry.picture !== null): boolean {
    const line = this.database.first('SELECT n, doc, revised FROM lines WHERE id = ?', [entry.of]);
    if (line === null) return false;
    const rank = entry.by === 'user' ? readings.user : readings.reader;
    if (line.numberOrNull(1) === null || line.number(2) > rank) return true;
    this.database.run(
      `UPDATE lines SET speaker = ?, channel = ?, line = ?, text = ?, confidence = ?, colours = ?, ascii = ?, link = ?,
         doc = ?, revised = ? WHERE n = ?`,
      [...this.#bodyValues(entry), place.sequence, rank, line.number(0)],
    );
    if (!this.#bulk) this.#addWords(place.sequence, clean(entry.line));
    if (hasPicture) {
      this.database.run('UPDATE lines SET picture_file = ?, picture_at = ? WHERE n = ?', [
        place.fileNumber,
        place.at,
        line.number(0),
      ]);
    }
    return true;
  }

  /** False where its line has not come. The text leaves the index; the id stays, so that the line cannot come back. */
  #remove(entry: TombstoneEntry): boolean {
    const line = this.database.first('SELECT n, session, doc FROM lines WHERE id = ?', [entry.of]);
    if (line === null) return false;
    if (line.numberOrNull(2) === null) return true;
    this.database.run(
      `UPDATE lines SET doc = NULL, line = '', text = '', colours = '', speaker = NULL, picture_file = NULL,
         picture_at = NULL WHERE n = ?`,
      [line.number(0)],
    );
    this.database.run('UPDATE sessions SET lines = lines - 1 WHERE n = ?', [line.number(1)]);
    return true;
  }
}
