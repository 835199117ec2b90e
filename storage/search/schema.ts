/**
 * Tables of the index. All of it is derived from the journal and may be thrown away; a change here raises
 * `schemaVersion`, upon which old snapshots are not read and the index is built again. `n` of a line is the sequence
 * number of its record, so cursors survive a rebuild. `doc` is the row of `words` that holds the line's reading of
 * today: a revision adds a row (a contentless FTS4 table cannot delete) and the line points to it; null: deleted.
 */
export const schemaVersion = 1;

export const schema = `
CREATE TABLE names(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fold TEXT NOT NULL, alike TEXT NOT NULL);
CREATE TABLE sessions(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, known INTEGER NOT NULL, game TEXT NOT NULL, lobby TEXT,
  game_fold TEXT NOT NULL, game_alike TEXT NOT NULL, lobby_fold TEXT NOT NULL, lobby_alike TEXT NOT NULL,
  from_ms INTEGER NOT NULL, to_ms INTEGER, lines INTEGER NOT NULL DEFAULT 0);
CREATE TABLE lines(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, session INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  speaker INTEGER, channel INTEGER NOT NULL, line TEXT NOT NULL, text TEXT NOT NULL, confidence REAL NOT NULL,
  colours TEXT NOT NULL, doc INTEGER, revised INTEGER NOT NULL, picture_file INTEGER, picture_at INTEGER,
  ascii INTEGER NOT NULL, link INTEGER NOT NULL);
CREATE INDEX lines_by_time ON lines(at_ms);
CREATE INDEX lines_by_session ON lines(session, at_ms);
CREATE UNIQUE INDEX lines_by_doc ON lines(doc);
CREATE TABLE seen(id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE counts(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counts VALUES ('revisions', 0);
CREATE TABLE orphans(n INTEGER PRIMARY KEY, target TEXT NOT NULL, entry TEXT NOT NULL, picture_file INTEGER, picture_at INTEGER);
CREATE INDEX orphans_by_target ON orphans(target);
CREATE VIRTUAL TABLE words USING fts4(content="", plain, alike, matchinfo=fts3, tokenize=simple);
`;
