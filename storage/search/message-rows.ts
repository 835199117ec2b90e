/**
 * Messages between people: pages of a conversation, what is unread, how far each message came, the rooms. A conversation
 * is with a peer or of a room; its order is that of the journal, because clocks of authors differ.
 */
import type { EntryId, MessageEntry, MessageState, MessageStateEntry, RoomEntry } from '../entry.ts';
import { checkedEntryId } from '../entry-id.ts';
import type { Conversation, ConversationName, LogMessage, MessagePage, Room } from '../messages.ts';
import type { Row, SqlDatabase } from './database.ts';
import { sqlText } from './database.ts';
import type { WordRows } from './word-rows.ts';

const states = ['received', 'kept', 'shown'] as const satisfies readonly MessageState[];
const shown = states.indexOf('shown');
const pageLimit = 1_000;
/** Columns of a message `m` of the conversation `c`, as `toMessage` reads them. */
export const messageColumns = 'm.id, m.at_ms, m.peer, c.party, m.author, m.text, m.seq, m.n';

/** Key of a conversation: `p` and a peer id, or `r` and a room. */
function partyOf(name: { readonly peer: string | null; readonly room: string | null }): string {
  return name.room === null ? `p${name.peer ?? ''}` : `r${name.room}`;
}

function nameOf(party: string): { readonly peer: string | null; readonly room: string | null } {
  const rest = party.slice(1);
  return party.startsWith('r') ? { peer: null, room: rest } : { peer: rest, room: null };
}

export class MessageRows {
  readonly #database: SqlDatabase;
  readonly #words: WordRows;

  constructor(database: SqlDatabase, words: WordRows) {
    this.#database = database;
    this.#words = words;
  }

  /** Whether there is nothing to keep in it; a known id with a new number is kept for the number's sake. */
  has(entry: MessageEntry): boolean {
    if (entry.from !== null && entry.seq > this.lastSeq(entry.from)) return false;
    return this.#database.first('SELECT 1 FROM messages WHERE id = ?', [entry.id]) !== null;
  }

  lastSeq(peer: string): number {
    return this.#database.first('SELECT seq FROM incoming WHERE peer = ?', [peer])?.number(0) ?? 0;
  }

  /** `sequence` is the place in the journal. Does nothing but count where the id is known. */
  add(entry: MessageEntry, sequence: number): void {
    const { id, atMs, peer, from, text, seq } = entry;
    if (from !== null) {
      this.#database.run(
        'INSERT INTO incoming VALUES (?, ?) ON CONFLICT(peer) DO UPDATE SET seq = max(seq, excluded.seq)',
        [from, seq],
      );
    }
    if (this.#database.first('SELECT 1 FROM messages WHERE id = ?', [id]) !== null) return;
    const conversation = this.#conversation(partyOf(entry));
    const shownText = sqlText(text);
    this.#database.run('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      sequence,
      id,
      conversation,
      atMs,
      peer,
      from,
      shownText,
      seq,
      this.#words.put(shownText),
    ]);
    const isUnshown = from !== null && this.#state(id, from) < shown;
    this.#database.run('UPDATE conversations SET count = count + 1, unshown = unshown + ?, last = ? WHERE n = ?', [
      isUnshown ? 1 : 0,
      sequence,
      conversation,
    ]);
  }

  #conversation(party: string): number {
    this.#database.run('INSERT OR IGNORE INTO conversations(party, count, unshown) VALUES (?, 0, 0)', [party]);
    return this.#database.first('SELECT n FROM conversations WHERE party = ?', [party])?.number(0) ?? 0;
  }

  /** Index in `states`; -1 for none. */
  #state(message: EntryId, peer: string): number {
    const found = this.#database.first('SELECT state FROM message_states WHERE message = ? AND peer = ?', [
      message,
      peer,
    ]);
    return found?.number(0) ?? -1;
  }

  /** A state never goes back. It may come before its message. */
  setState(entry: MessageStateEntry): void {
    const state = states.indexOf(entry.state);
    if (state <= this.#state(entry.of, entry.peer)) return;
    this.#database.run('INSERT OR REPLACE INTO message_states VALUES (?, ?, ?)', [entry.of, entry.peer, state]);
    if (state < shown) return;
    this.#database.run(
      `UPDATE conversations SET unshown = unshown - 1
       WHERE n = (SELECT conversation FROM messages WHERE id = ? AND author = ?)`,
      [entry.of, entry.peer],
    );
  }

  /** A room stays with who made it first. */
  setRoom(entry: RoomEntry): void {
    this.#database.run(
      `INSERT INTO rooms VALUES (?, ?, ?, ?, ?) ON CONFLICT(room) DO UPDATE SET title = excluded.title,
         members = excluded.members, at_ms = excluded.at_ms WHERE maker IS excluded.maker`,
      [entry.room, sqlText(entry.title), entry.members.join(' '), entry.maker, entry.atMs],
    );
    this.#conversation(`r${entry.room}`);
  }

  /** Deletes a message: the text leaves the index, the id stays. False where there is no such message. */
  remove(id: EntryId): boolean {
    const row = this.#database.first('SELECT conversation, author, doc FROM messages WHERE id = ?', [id]);
    if (row === null) return false;
    const [conversation, author] = [row.number(0), row.textOrNull(1)];
    this.#words.drop(row.numberOrNull(2));
    const wasUnshown = author !== null && this.#state(id, author) < shown;
    this.#database.run("UPDATE messages SET conversation = 0, text = '', doc = NULL WHERE id = ?", [id]);
    this.#database.run(
      `UPDATE conversations SET count = count - 1, unshown = unshown - ?,
         last = (SELECT max(n) FROM messages WHERE conversation = conversations.n) WHERE n = ?`,
      [wasUnshown ? 1 : 0, conversation],
    );
    return true;
  }

  page(name: ConversationName, page: MessagePage): readonly LogMessage[] {
    const { before, limit } = page;
    if (!Number.isInteger(limit) || limit < 1 || limit > pageLimit) {
      throw new RangeError(`Expected 1 to ${pageLimit} for limit but received ${limit}`);
    }
    const older = before === undefined ? '' : 'AND m.n < (SELECT n FROM messages WHERE id = ?)';
    const rows = this.#database.all(
      `SELECT ${messageColumns} FROM messages m JOIN conversations c ON c.n = m.conversation
       WHERE c.party = ? ${older} ORDER BY m.n DESC LIMIT ?`,
      [partyOf({ peer: null, room: null, ...name }), ...(before === undefined ? [] : [before]), limit],
    );
    return [...rows].reverse().map((row) => this.toMessage(row));
  }

  /** The message with this id; null where there is none, or it was deleted. */
  find(id: EntryId): LogMessage | null {
    const [row] = this.#database.all(
      `SELECT ${messageColumns} FROM messages m JOIN conversations c ON c.n = m.conversation WHERE m.id = ?`,
      [id],
    );
    return row === undefined ? null : this.toMessage(row);
  }

  /** Reads `messageColumns`. */
  toMessage(row: Row): LogMessage {
    const id = checkedEntryId(row.text(0));
    const reached = this.#database.all('SELECT peer, state FROM message_states WHERE message = ? ORDER BY peer', [id]);
    return {
      id,
      atMs: row.number(1),
      peer: row.textOrNull(2),
      room: nameOf(row.text(3)).room,
      from: row.textOrNull(4),
      text: row.text(5),
      seq: row.number(6),
      states: reached.map((state) => ({ peer: state.text(0), state: states[state.number(1)] ?? 'received' })),
    };
  }

  conversations(): readonly Conversation[] {
    const rows = this.#database.all(
      `SELECT c.party, c.count, c.unshown, r.title, m.id IS NOT NULL, ${messageColumns} FROM conversations c
         LEFT JOIN messages m ON m.n = c.last LEFT JOIN rooms r ON c.party = 'r' || r.room
       ORDER BY c.last DESC, c.n`,
    );
    return rows.map((row) => {
      const { peer, room } = nameOf(row.text(0));
      const last = row.number(4) === 1 ? this.toMessage(row.from(5)) : null;
      return { peer, room, title: row.textOrNull(3), last, count: row.number(1), unshown: row.number(2) };
    });
  }

  rooms(): readonly Room[] {
    const rows = this.#database.all('SELECT room, title, members, maker, at_ms FROM rooms ORDER BY room');
    return rows.map((row) => ({
      room: row.text(0),
      title: row.text(1),
      members: row.text(2) === '' ? [] : row.text(2).split(' '),
      maker: row.textOrNull(3),
      atMs: row.number(4),
    }));
  }
}
