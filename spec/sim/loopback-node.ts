/** A whole node in this process over real sockets on loopback, with a log and a state in memory that are kept at once. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { parseCode } from '../../net/code/index.ts';
import { ContactBook } from '../../net/contacts/index.ts';
import { NetNode } from '../../net/node/net-node.ts';
import { startClockwork } from '../../net/node/node-clockwork.ts';
import type { Clockwork } from '../../net/node/node-clockwork.ts';
import { openDatagrams } from '../../net/transport/index.ts';
import type { OpenDatagrams } from '../../net/transport/index.ts';
import type { Clock } from '../../net/world.ts';
import type { Entry } from '../../storage/entry.ts';
import { makeEntryIds } from '../../storage/entry-id.ts';
import type { LogError, Result } from '../../storage/log.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';

const done: Promise<Result<void, LogError>> = Promise.resolve({ ok: true, value: undefined });
const clock: Clock = { unixMs: () => Date.now(), elapsedMs: () => performance.now() };
const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));

class QuickState implements StateStore {
  readonly #values = new Map<string, string>();

  get(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  list(prefix: string): readonly (readonly [key: string, value: string])[] {
    const found = [...this.#values].filter(([key]) => key.startsWith(prefix));
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  write(changes: readonly StateChange[]): Promise<Result<void, LogError>> {
    for (const { key, value } of changes) {
      if (value === null) this.#values.delete(key);
      else this.#values.set(key, value);
    }
    return done;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class LoopbackNode {
  readonly datagrams: OpenDatagrams;
  readonly book: ContactBook;
  readonly node: NetNode;
  #clockwork: Clockwork | null = null;
  readonly #heard = new Map<string, (atMs: number) => void>();

  private constructor(datagrams: OpenDatagrams, book: ContactBook, state: StateStore, onBook: (node: NetNode) => void) {
    this.datagrams = datagrams;
    this.book = book;
    const ids = new Set<string>();
    this.node = new NetNode({
      clock,
      random,
      state,
      book,
      datagrams,
      newId: makeEntryIds(() => clock.unixMs(), random),
      log: {
        lengths: () => [],
        read: () => [],
        have: () => 0,
        append: (entries) => {
          for (const { id } of entries) ids.add(id);
          return done;
        },
      },
      events: {
        onChange: () => {},
        onRequest: (peer) => {
          void this.book.accept(peer).then(() => this.node.accepted(peer));
        },
        onMessages: (entries) => this.#hear(entries),
        onStates: () => {},
        onEntries: () => {},
        onRoom: () => {},
        onProblem: (message) => {
          throw new Error(message);
        },
      },
      wake: () => this.#clockwork?.wake(),
    });
    onBook(this.node);
    this.#clockwork = startClockwork({
      elapsedMs: () => clock.elapsedMs(),
      nextMs: () => this.node.nextMs,
      poll: () => this.node.poll(),
    });
    this.#clockwork.wake();
  }

  static async open(context: TestContext): Promise<LoopbackNode> {
    const opened = await openDatagrams({ clock, bind: { address: '127.0.0.1', port: 0 }, discoveryPort: 0 });
    assert.ok(opened.ok);
    const state = new QuickState();
    let node: NetNode | null = null;
    const book = await ContactBook.open({ store: state, random, clock, onChange: () => node?.bookChanged() });
    assert.ok(book.ok);
    const made = new LoopbackNode(opened.value, book.value, state, (whole) => {
      node = whole;
    });
    context.after(() => made.close());
    return made;
  }

  /** Two that are contacts and connected; the first accepts whoever asks. */
  static async befriend(context: TestContext): Promise<readonly [LoopbackNode, LoopbackNode]> {
    const [one, other] = [await LoopbackNode.open(context), await LoopbackNode.open(context)];
    const token = await one.book.makeToken('for the other');
    assert.ok(token.ok);
    const code = parseCode(token.value.code);
    assert.ok(code.ok);
    const endpoint = { address: '127.0.0.1', port: one.sessionPort };
    const asked = await other.book.ask(code.value, '', { endpoint });
    assert.ok(asked.ok);
    const isTogether = () =>
      one.node.presence(other.book.identity.peerId) === 'connected' &&
      other.node.presence(one.book.identity.peerId) === 'connected';
    const endMs = performance.now() + 10_000;
    while (!isTogether() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(isTogether(), 'connected');
    return [one, other];
  }

  get sessionPort(): number {
    return this.datagrams.sessionPort;
  }

  /** Says something to a contact; resolves when the contact has kept it, with how long that took, ms. */
  async sayTo(other: LoopbackNode, text: string): Promise<number> {
    const startMs = performance.now();
    const heard = new Promise<number>((resolve) => {
      other.#heard.set(text, resolve);
    });
    const posted = await this.node.outbox.post({ text, room: null, receivers: [other.book.identity.peerId] });
    assert.ok(posted.ok);
    return (await heard) - startMs;
  }

  async close(): Promise<void> {
    this.#clockwork?.stop();
    this.node.close();
    await this.datagrams.close();
  }

  #hear(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'message') continue;
      this.#heard.get(entry.text)?.(performance.now());
      this.#heard.delete(entry.text);
    }
  }
}
