/**
 * Tables of the index. They are derived from the journal and can be thrown away at any time: raise `schemaVersion` with
 * every change of a table or of how lines are folded and matched, and old snapshots give way to a rebuild.
 *
 * `lines.doc` is the row of `words` that holds what the line shows today: each change of the text takes a fresh row (a
 * contentless FTS4 table cannot delete) and the line points to it; null: not shown, because it was deleted or stands in
 * a group behind its representative. `lines.group_n` is the representative's row for every line of a group, null for a
 * line that stands alone. A line's own reading is in `lines`, but where a representative shows another (the vote of its
 * group), its own stands in `readings`. Feed 0 is this device.
 */
export const schemaVersion = 2;

export const schema = `
CREATE TABLE names(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, fold TEXT NOT NULL, alike TEXT NOT NULL);
CREATE TABLE feeds(
  n INTEGER PRIMARY KEY, feed TEXT NOT NULL UNIQUE, peer TEXT NOT NULL, game TEXT, have INTEGER NOT NULL);
CREATE TABLE sessions(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL, feed INTEGER NOT NULL, known INTEGER NOT NULL, game TEXT NOT NULL, lobby TEXT,
  game_fold TEXT NOT NULL, game_alike TEXT NOT NULL, lobby_fold TEXT NOT NULL, lobby_alike TEXT NOT NULL,
  from_ms INTEGER NOT NULL, to_ms INTEGER, lines INTEGER NOT NULL DEFAULT 0, main INTEGER, UNIQUE(id, feed));
CREATE INDEX sessions_by_main ON sessions(main) WHERE main IS NOT NULL;
CREATE TABLE lines(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, session INTEGER NOT NULL, feed INTEGER NOT NULL, number INTEGER,
  at_ms INTEGER NOT NULL, speaker INTEGER, channel INTEGER NOT NULL, line TEXT NOT NULL, text TEXT NOT NULL,
  confidence REAL NOT NULL, colours TEXT NOT NULL, ascii INTEGER NOT NULL, link INTEGER NOT NULL, doc INTEGER,
  revised INTEGER NOT NULL, group_n INTEGER, picture_file INTEGER, picture_at INTEGER,
  deleted INTEGER NOT NULL DEFAULT 0);
CREATE INDEX lines_by_time ON lines(at_ms);
CREATE INDEX lines_by_session ON lines(session, at_ms);
CREATE UNIQUE INDEX lines_by_doc ON lines(doc);
CREATE INDEX lines_by_group ON lines(group_n) WHERE group_n IS NOT NULL;
CREATE TABLE readings(
  n INTEGER PRIMARY KEY, revised INTEGER NOT NULL, speaker INTEGER, channel INTEGER NOT NULL, line TEXT NOT NULL,
  text TEXT NOT NULL, confidence REAL NOT NULL, colours TEXT NOT NULL);
CREATE TABLE clocks(a TEXT NOT NULL, b TEXT NOT NULL, deltas TEXT NOT NULL, misses INTEGER NOT NULL, PRIMARY KEY(a, b))
  WITHOUT ROWID;
CREATE TABLE games(n INTEGER PRIMARY KEY, game TEXT NOT NULL UNIQUE);
CREATE TABLE own(
  n INTEGER PRIMARY KEY, game INTEGER, number INTEGER, kind INTEGER NOT NULL, session INTEGER NOT NULL, line INTEGER,
  packed TEXT);
CREATE UNIQUE INDEX own_by_number ON own(game, number);
CREATE INDEX own_waiting ON own(session) WHERE game IS NULL;
CREATE TABLE conversations(
  n INTEGER PRIMARY KEY, party TEXT NOT NULL UNIQUE, count INTEGER NOT NULL, unshown INTEGER NOT NULL, last INTEGER);
CREATE TABLE messages(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation INTEGER NOT NULL, at_ms INTEGER NOT NULL, peer TEXT,
  author TEXT, text TEXT NOT NULL, seq INTEGER NOT NULL, doc INTEGER);
CREATE INDEX messages_by_conversation ON messages(conversation, n);
CREATE UNIQUE INDEX messages_by_doc ON messages(doc);
CREATE TABLE message_states(
  message TEXT NOT NULL, peer TEXT NOT NULL, state INTEGER NOT NULL, PRIMARY KEY(message, peer)) WITHOUT ROWID;
CREATE TABLE incoming(peer TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rooms(
  room TEXT PRIMARY KEY, title TEXT NOT NULL, members TEXT NOT NULL, maker TEXT, at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE seen(id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE counts(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counts VALUES ('revisions', 0), ('docs', 0);
CREATE TABLE orphans(n INTEGER PRIMARY KEY, target TEXT NOT NULL, entry TEXT NOT NULL, picture_file INTEGER, picture_at INTEGER);
CREATE INDEX orphans_by_target ON orphans(target);
CREATE VIRTUAL TABLE words USING fts4(content="", plain, alike, matchinfo=fts3, tokenize=simple);
`;
