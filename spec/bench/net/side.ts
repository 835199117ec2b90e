/**
 * One of the two processes of the network's benchmark: a whole node over real sockets on loopback, told by its parent what to
 * do. Times are nanoseconds of the system's clock that never goes back, which all processes share.
 */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { parseCode } from '../../../net/code/index.ts';
import { ContactBook } from '../../../net/contacts/index.ts';
import { NetNode } from '../../../net/node/net-node.ts';
import { startClockwork } from '../../../net/node/node-clockwork.ts';
import type { Clockwork } from '../../../net/node/node-clockwork.ts';
import { formatEntry } from '../../../net/records/entry-check.ts';
import { openDatagrams } from '../../../net/transport/index.ts';
import type { Datagrams, OpenDatagrams } from '../../../net/transport/index.ts';
import type { Clock } from '../../../net/world.ts';
import { makeEntryIds } from '../../../storage/index.ts';
import { MemoryStore, game, openDiskStore } from './stores.ts';
import type { Store } from './stores.ts';

/** What the parent may ask for; each is answered by its outcome. */
export type Order =
  /** Opens the store: a folder, or null for memory. */
  | { readonly act: 'store'; readonly folder: string | null }
  /** Opens sockets, book and node; the port of the session socket. `acceptsAll`: whoever asks is accepted. */
  | { readonly act: 'open'; readonly acceptsAll: boolean }
  /** Ends the node, or with `hard` drops it as a crash would. The store stays. */
  | { readonly act: 'end' }
  | { readonly act: 'code' }
  | { readonly act: 'ask'; readonly code: string; readonly port: number }
  /** When the one contact was first connected since `open`, as text. */
  | { readonly act: 'connected' }
  | { readonly act: 'say'; readonly count: number; readonly gapMs: number }
  /** Latencies of the messages heard so far, ms, once there are `count`. */
  | { readonly act: 'heard'; readonly count: number }
  | { readonly act: 'add'; readonly count: number }
  | { readonly act: 'share' }
  /** When `count` entries of the peer were kept, as text. */
  | { readonly act: 'taken'; readonly count: number }
  /** Bytes of datagrams out and in since the last time. */
  | { readonly act: 'bytes' }
  /** Bytes of all entries of the own feed, as JSON in a batch before it is packed. */
  | { readonly act: 'entryBytes' }
  | { readonly act: 'close' };

const readItems = 512;
const clock: Clock = { unixMs: () => Date.now(), elapsedMs: () => performance.now() };
const random = (sizeBytes: number): Uint8Array => new Uint8Array(randomBytes(sizeBytes));

interface Running {
  readonly node: NetNode;
  readonly book: ContactBook;
  readonly datagrams: OpenDatagrams;
  readonly clockwork: Clockwork;
}

class Side {
  #store: Store | null = null;
  #running: Running | null = null;
  #connectedNs: bigint | null = null;
  readonly #latenciesMs: number[] = [];
  readonly #taken: { readonly atNs: bigint; readonly count: number }[] = [];
  readonly #waits = new Set<() => void>();
  #bytesOut = 0;
  #bytesIn = 0;

  async obey(order: Order): Promise<unknown> {
    switch (order.act) {
      case 'store':
        this.#store = order.folder === null ? new MemoryStore() : await openDiskStore(order.folder, clock, random);
        return null;
      case 'open':
        return this.#open(order.acceptsAll);
      case 'end':
        return this.#end();
      case 'code':
        return this.#code();
      case 'ask':
        return this.#ask(order.code, order.port);
      case 'connected':
        return String(await this.#until(() => this.#connectedNs));
      case 'say':
        return this.#say(order.count, order.gapMs);
      case 'heard':
        await this.#until(() => (this.#latenciesMs.length >= order.count ? true : null));
        return this.#latenciesMs.splice(0);
      case 'add':
        await this.#storeOrThrow().addLines(order.count);
        this.#running?.node.logGrew(game);
        return String(process.hrtime.bigint());
      case 'share':
        return this.#share();
      case 'taken':
        return String(await this.#until(() => this.#taken.find(({ count }) => count >= order.count)?.atNs ?? null));
      case 'bytes': {
        const bytes = { out: this.#bytesOut, in: this.#bytesIn };
        this.#bytesOut = 0;
        this.#bytesIn = 0;
        return bytes;
      }
      case 'entryBytes':
        return this.#entryBytes();
      case 'close':
        await this.#end();
        await this.#store?.close();
        return null;
    }
  }

  async #open(acceptsAll: boolean): Promise<number> {
    const { state, log, taken } = this.#storeOrThrow();
    this.#connectedNs = null;
    const opened = await openDatagrams({ clock, bind: { address: '127.0.0.1', port: 0 }, discoveryPort: 0 });
    if (!opened.ok) throw new Error(opened.error.message);
    const datagrams = opened.value;
    let node: NetNode | null = null;
    let clockwork: Clockwork | null = null;
    const book = await ContactBook.open({ store: state, random, clock, onChange: () => node?.bookChanged() });
    if (!book.ok) throw new Error(book.error.message);
    const look = (): void => {
      const [contact] = book.value.contacts();
      if (this.#connectedNs === null && contact !== undefined && node?.presence(contact.peer) === 'connected') {
        this.#connectedNs = process.hrtime.bigint();
      }
      this.#told();
    };
    const whole = new NetNode({
      clock,
      random,
      state,
      log,
      book: book.value,
      datagrams: this.#counted(datagrams),
      newId: makeEntryIds(() => clock.unixMs(), random),
      events: {
        onChange: look,
        onRequest: (peer) => {
          if (acceptsAll) void book.value.accept(peer).then(() => node?.accepted(peer));
        },
        onMessages: (entries) => {
          const nowNs = process.hrtime.bigint();
          for (const { text } of entries) this.#latenciesMs.push(Number(nowNs - BigInt(text)) / 1e6);
          this.#told();
        },
        onStates: () => {},
        onEntries: () => {
          this.#taken.push({ atNs: process.hrtime.bigint(), count: taken() });
          this.#told();
        },
        onRoom: () => {},
        onProblem: (message) => process.stderr.write(`${message}\n`),
      },
      wake: () => clockwork?.wake(),
    });
    node = whole;
    clockwork = startClockwork({
      elapsedMs: () => clock.elapsedMs(),
      nextMs: () => whole.nextMs,
      poll: () => whole.poll(),
    });
    clockwork.wake();
    this.#running = { node: whole, book: book.value, datagrams, clockwork };
    return datagrams.sessionPort;
  }

  async #end(): Promise<null> {
    const running = this.#running;
    this.#running = null;
    if (running === null) return null;
    running.clockwork.stop();
    running.node.close();
    await running.datagrams.close();
    await running.book.flush();
    return null;
  }

  async #code(): Promise<string> {
    const made = await this.#runningOrThrow().book.makeToken('bench');
    if (!made.ok) throw new Error(made.error.message);
    return made.value.code;
  }

  async #ask(text: string, port: number): Promise<null> {
    const { book, node } = this.#runningOrThrow();
    const code = parseCode(text);
    if (!code.ok) throw new Error(code.error.message);
    const endpoint = { address: '127.0.0.1', port };
    const asked = await book.ask(code.value, '', { endpoint });
    if (!asked.ok) throw new Error(asked.error.message);
    node.typedAddress(asked.value.peer, endpoint);
    return null;
  }

  async #say(count: number, gapMs: number): Promise<null> {
    const { book, node } = this.#runningOrThrow();
    const receivers = book.contacts().map(({ peer }) => peer);
    for (let left = count; left > 0; left -= 1) {
      const posting = node.outbox.post({ text: String(process.hrtime.bigint()), room: null, receivers });
      await new Promise((resolve) => setTimeout(resolve, gapMs));
      const posted = await posting;
      if (!posted.ok) throw new Error(posted.error.message);
    }
    return null;
  }

  async #share(): Promise<string> {
    const { book, node } = this.#runningOrThrow();
    const startNs = process.hrtime.bigint();
    for (const { peer } of book.contacts()) {
      await node.link(peer)?.setScope({ share: 'history', sinceMs: null, games: null, channels: null });
    }
    return String(startNs);
  }

  #entryBytes(): number {
    const { log } = this.#storeOrThrow();
    let bytes = 0;
    for (let from = 1; ; from += readItems) {
      const items = log.read(game, from, readItems);
      for (const { entry } of items) if (entry !== null) bytes += Buffer.byteLength(formatEntry(entry)) + 1;
      if (items.length < readItems) return bytes;
    }
  }

  /** Counts all bytes out and in. */
  #counted(datagrams: Datagrams): Datagrams {
    return {
      sessionPort: datagrams.sessionPort,
      counters: datagrams.counters,
      send: (bytes, to) => {
        this.#bytesOut += bytes.length;
        datagrams.send(bytes, to);
      },
      announce: (make) => datagrams.announce(make),
      onDatagram: (listener) => {
        datagrams.onDatagram((bytes, from, via) => {
          this.#bytesIn += bytes.length;
          listener(bytes, from, via);
        });
      },
      onInterfaces: (listener) => datagrams.onInterfaces(listener),
      rescan: () => datagrams.rescan(),
      close: () => datagrams.close(),
    };
  }

  /** What `look` finds; it looks now and whenever the node told something: nothing is polled while times are taken. */
  #until<T>(look: () => T | null): Promise<T> {
    return new Promise((resolve) => {
      const again = (): void => {
        const found = look();
        if (found === null) return;
        this.#waits.delete(again);
        resolve(found);
      };
      this.#waits.add(again);
      again();
    });
  }

  #told(): void {
    for (const again of this.#waits) again();
  }

  #storeOrThrow(): Store {
    if (this.#store === null) throw new Error('Expected a store');
    return this.#store;
  }

  #runningOrThrow(): Running {
    if (this.#running === null) throw new Error('Expected a node that runs');
    return this.#running;
  }
}

const side = new Side();
process.on('message', (message: { readonly id: number; readonly order: Order }) => {
  side.obey(message.order).then(
    (value) => process.send?.({ id: message.id, value }),
    (error: unknown) => process.send?.({ id: message.id, error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
