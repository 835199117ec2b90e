/**
 * Messages on their way: each is in the log and in the outbox of every receiver, both on disk, before any part of it
 * is handed down. The outbox is written first and says that the log is still to come, so a crash in between loses
 * nothing and sends nothing that the log does not know. Source: spec/PROTOCOL.md, *Messages*.
 */
import * as v from 'valibot';
import type { EntryId, MessageEntry } from '../../storage/entry.ts';
import type { LogError, Result } from '../../storage/log.ts';
import type { StateStore } from '../../storage/state.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import { parseState, toChange, undoOf } from '../peer-state.ts';
import { MESSAGE_CHARACTERS } from '../records/bounds.ts';
import { cleanMessage } from '../records/clean-text.ts';
import { isEntryId } from '../records/ids.ts';
import type { RoomId } from '../records/ids.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Clock, RandomBytes } from '../world.ts';
import { OUTBOX_MESSAGES, OutboxLine } from './outbox-line.ts';
import type { OutboxMessage, StagedMessage } from './outbox-line.ts';

/** Messages that wait to be written. */
const waitingPosts = 64;
/** Messages of which it is remembered whom they did not go to. */
const skippedNotes = 1_000;
const unloggedPrefix = 'net-outbox/unlogged/';
const skippedPrefix = 'net-outbox/skipped/';

const unloggedSchema = v.object({
  id: v.custom<EntryId>(isEntryId),
  peer: v.nullable(v.string()),
  room: v.nullable(v.string()),
  text: v.string(),
  atMs: v.number(),
  /** 0 for a message to a room: each receiver counts it otherwise. */
  seq: v.number(),
});
type Unlogged = v.InferOutput<typeof unloggedSchema>;

/** Why a message was not taken; `message` is a sentence for the user. */
export interface PostRefusal {
  readonly kind: 'empty' | 'too-long' | 'nobody' | 'outbox-full' | 'busy';
  readonly message: string;
}

export interface Post {
  readonly text: string;
  /** Null: a message to the one receiver. */
  readonly room: RoomId | null;
  readonly receivers: readonly PeerId[];
}

export interface Posted {
  readonly id: EntryId;
  /** Receivers whom it does not go to: not accepted, or with a full outbox. */
  readonly skipped: readonly PeerId[];
}

export interface OutboxOptions {
  readonly state: StateStore;
  readonly log: Pick<SharedLog, 'append'>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly newId: () => EntryId;
  /** Whether this device accepted the peer. */
  readonly knows: (peer: PeerId) => boolean;
  /** There is a message that may be handed down; every link may look. */
  readonly onReady: () => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lines = new Map<PeerId, OutboxLine>();
  /** In the outbox, not yet in the log: what waits to be told when they are. */
  readonly #unlogged = new Map<EntryId, { readonly entry: Unlogged; readonly onLogged: () => void }>();
  readonly #retry = new DiskRetry();
  #logging = false;
  #writing: Promise<unknown> = Promise.resolve();
  #posts = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
    for (const [, text] of options.state.list(unloggedPrefix)) {
      const entry = parseState(text, unloggedSchema);
      if (entry !== null) this.#unlogged.set(entry.id, { entry, onLogged: () => {} });
    }
    void this.#log();
  }

  /**
   * Resolves when the message is on disk, in the outbox and in the log. While the log cannot be written it waits, as
   * lines of chat do, and is sent once it is there. An error of the outbox itself keeps nothing of it.
   */
  async post(post: Post): Promise<Result<Posted, PostRefusal | LogError>> {
    if (this.#posts >= waitingPosts) {
      return refuse('busy', 'Too many messages wait to be written; try again in a moment.');
    }
    this.#posts += 1;
    const posting = this.#writing.then(() => this.#write(post));
    this.#writing = posting.catch(() => {});
    try {
      return await posting;
    } finally {
      this.#posts -= 1;
    }
  }

  line(peer: PeerId): OutboxLine {
    const line = this.#lines.get(peer) ?? new OutboxLine(this.#options.state, peer, this.#options.random);
    this.#lines.set(peer, line);
    return line;
  }

  /** Whether the message with this id may be handed down. */
  isLogged(id: EntryId): boolean {
    return !this.#unlogged.has(id);
  }

  /** The receivers whom a message did not go to. */
  skipped(id: EntryId): readonly string[] {
    const text = this.#options.state.get(skippedPrefix + id);
    return (text === null ? null : parseState(text, v.array(v.string()))) ?? [];
  }

  /** The peer was removed: what waited for it is gone, and `forgetPeer` takes it from the disk. */
  forget(peer: PeerId): void {
    this.#lines.delete(peer);
  }

  /** `elapsedMs` at which `poll` has something to do; Infinity for never. */
  get nextMs(): number {
    return this.#retry.nextMs;
  }

  poll(): void {
    void this.#log();
  }

  async #write(post: Post): Promise<Result<Posted, PostRefusal | LogError>> {
    const plan = this.#plan(post);
    if (!plan.ok) return plan;
    const { message, staged, skipped } = plan.value;
    const [only] = post.room === null ? staged : [];
    const entry: Unlogged = { ...message, peer: only?.peer ?? null, seq: only?.staged.seq ?? 0 };
    const changes = staged.flatMap(({ staged }) => staged.changes);
    changes.push(toChange(unloggedPrefix + message.id, entry));
    if (skipped.length > 0) changes.push(...this.#noteSkipped(message.id, skipped));
    const undo = undoOf(this.#options.state, changes);
    const written = await this.#options.state.write(changes);
    if (!written.ok) {
      void this.#options.state.write(undo);
      return written;
    }
    for (const { peer, line, staged: item } of staged) {
      // A peer that was removed meanwhile has another line, or none, and the disk knows nothing of this.
      if (this.#lines.get(peer) === line) line.added(item);
    }
    const logged = new Promise<void>((resolve) => this.#unlogged.set(message.id, { entry, onLogged: resolve }));
    void this.#log();
    await logged;
    return { ok: true, value: { id: message.id, skipped } };
  }

  #plan({ text: raw, room, receivers }: Post): Result<
    {
      readonly message: OutboxMessage;
      readonly staged: readonly {
        readonly peer: PeerId;
        readonly line: OutboxLine;
        readonly staged: StagedMessage;
      }[];
      readonly skipped: readonly PeerId[];
    },
    PostRefusal
  > {
    const text = cleanMessage(raw);
    if (text.trim() === '') return refuse('empty', 'There is nothing to send.');
    if (text.length > MESSAGE_CHARACTERS) {
      return refuse('too-long', `The message has ${text.length} characters; ${MESSAGE_CHARACTERS} can be sent.`);
    }
    const accepted = [...new Set(receivers)].filter((peer) => this.#options.knows(peer));
    const open = accepted.filter((peer) => this.line(peer).waiting < OUTBOX_MESSAGES);
    if (accepted.length === 0) return refuse('nobody', 'Nobody whom you accepted would get this message.');
    if (open.length === 0) {
      const full = `${OUTBOX_MESSAGES} messages wait already; send again when they have arrived.`;
      return refuse('outbox-full', full);
    }
    const message = { id: this.#options.newId(), room, text, atMs: this.#options.clock.unixMs() };
    const staged = open.map((peer) => {
      const line = this.line(peer);
      return { peer, line, staged: line.stage(message) };
    });
    return { ok: true, value: { message, staged, skipped: receivers.filter((peer) => !open.includes(peer)) } };
  }

  #noteSkipped(id: EntryId, skipped: readonly PeerId[]) {
    const notes = this.#options.state.list(skippedPrefix);
    const excess = Math.max(0, notes.length + 1 - skippedNotes);
    return [toChange(skippedPrefix + id, skipped), ...notes.slice(0, excess).map(([key]) => toChange(key, null))];
  }

  /** Puts into the log what is in the outbox only; the log knows by the id what it has. */
  async #log(): Promise<void> {
    const { log, state, clock } = this.#options;
    if (this.#logging) return;
    this.#logging = true;
    while (this.#unlogged.size > 0 && this.#retry.mayTry(clock.elapsedMs())) {
      const group = [...this.#unlogged.values()];
      const appended = await log.append(group.map(({ entry }) => toMessageEntry(entry)));
      if (!appended.ok) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
      for (const { entry, onLogged } of group) {
        this.#unlogged.delete(entry.id);
        onLogged();
      }
      this.#options.onReady();
      // Not awaited: where it is lost, the log is handed the same id again.
      void state.write(group.map(({ entry }) => toChange(unloggedPrefix + entry.id, null)));
    }
    this.#logging = false;
  }
}

function refuse(kind: PostRefusal['kind'], message: string): { readonly ok: false; readonly error: PostRefusal } {
  return { ok: false, error: { kind, message } };
}

function toMessageEntry({ id, peer, room, text, atMs, seq }: Unlogged): MessageEntry {
  return { kind: 'message', id, atMs, peer, room, from: null, text, seq };
}
