/**
 * One machine of a LAN of namespaces with a whole peer on it: `lobbykeep peer serve`, watched by the JSON lines that it prints
 * and asked over its control socket, which the file system carries out of the namespace. Linux only.
 */
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { connectControl } from '../../overlay/engine/control/control-client.ts';
import type { ControlClient } from '../../overlay/engine/control/control-client.ts';
import { controlPath } from '../../overlay/engine/control/control-path.ts';
import type { NamespaceHost } from './namespaces.ts';
import { runCommand } from './processes.ts';
import type { Running } from './processes.ts';

const lobbykeep = fileURLToPath(new URL('../../overlay/cli/index.ts', import.meta.url));
/** Messages of one call. */
const PAGE = 200;
/** Lines of a peer that a failure shows. */
const TAIL = 8;

const stateSchema = v.object({
  me: v.object({ peerId: v.string(), code: v.string() }),
  contacts: v.array(v.object({ peer: v.string(), state: v.string(), endpoints: v.array(v.string()) })),
  requests: v.array(v.object({ peer: v.string() })),
});
export type PeerState = v.InferOutput<typeof stateSchema>;

const messageSchema = v.object({
  id: v.string(),
  from: v.nullable(v.string()),
  text: v.string(),
  states: v.array(v.object({ state: v.string() })),
});
export type PeerMessage = v.InferOutput<typeof messageSchema>;

const eventSchema = v.variant('name', [
  v.object({ name: v.literal('people.state'), state: stateSchema }),
  v.object({ name: v.literal('message'), message: messageSchema }),
]);
const answerSchema = v.variant('ok', [
  v.object({ ok: v.literal(true), value: v.optional(v.unknown()) }),
  v.object({ ok: v.literal(false), error: v.object({ message: v.string() }) }),
]);
const pageSchema = v.object({ messages: v.array(messageSchema), more: v.boolean() });

function isReady(line: string): boolean {
  return line.startsWith('{"name":"ready"');
}

/** Keeps a promise from waiting for ever. @param why is asked only where time ran out. */
export async function within<T>(limitMs: number, work: Promise<T>, why: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${why()} within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export class LanPeer {
  readonly host: NamespaceHost;
  readonly #folder: string;
  readonly #running: Running;
  #client: ControlClient | null = null;
  #state: PeerState | null = null;
  readonly #onState = new Set<(state: PeerState) => void>();
  readonly #onMessage = new Set<(message: PeerMessage) => void>();

  /** Starts the program. @param folder for its data folder, which is made in it. */
  constructor(host: NamespaceHost, folder: string) {
    this.host = host;
    this.#folder = join(folder, host.name);
    const serve = ['--import', 'tsx', lobbykeep, 'peer', 'serve', '--data', this.#folder];
    this.#running = host.start(process.execPath, serve);
    this.#running.onLine((line) => this.#hear(line));
  }

  get name(): string {
    return this.host.name;
  }

  get id(): string {
    return this.state.me.peerId;
  }

  /** What it told of its people last. */
  get state(): PeerState {
    if (this.#state === null) throw new TypeError('Expected a peer that is ready but received one that is not');
    return this.#state;
  }

  /** Resolves when it is ready and its control socket answers. */
  async ready(limitMs: number): Promise<void> {
    const said = new Promise<void>((resolve, reject) => {
      if (this.#running.lines.some(isReady)) resolve();
      this.#running.onLine((line) => isReady(line) && resolve());
      void this.#running.exit.then((code) => reject(new Error(`${this.name} ended with ${code}. ${this.describe()}`)));
    });
    await within(limitMs, said, () => `${this.name} was not ready. ${this.describe()}`);
    this.#client = await connectControl(controlPath(this.#folder, process.platform));
    this.#state = v.parse(stateSchema, await this.call('people.state', null));
  }

  close(): void {
    this.#client?.close();
  }

  /** One command line beside the running program. Returns what it printed. */
  command(...words: readonly string[]): Promise<string> {
    const peer = ['--import', 'tsx', lobbykeep, 'peer', ...words, '--data', this.#folder];
    return runCommand(process.execPath, peer, process.env);
  }

  /** Throws where the answer is a refusal. */
  async call(name: string, input: unknown): Promise<unknown> {
    if (this.#client === null) throw new TypeError('Expected a control connection but received none');
    const answer = v.parse(answerSchema, await this.#client.call(name, input));
    if (!answer.ok) throw new Error(`${name} of ${this.name} was refused: ${answer.error.message}`);
    return answer.value;
  }

  /** Resolves when its people are so. */
  async untilState(what: string, holds: (state: PeerState) => boolean, limitMs: number): Promise<void> {
    if (holds(this.state)) return;
    const seen = new Promise<void>((resolve) => {
      const look = (state: PeerState): void => {
        if (!holds(state)) return;
        this.#onState.delete(look);
        resolve();
      };
      this.#onState.add(look);
    });
    await within(limitMs, seen, () => `${this.name} did not come to ${what}. ${this.describe()}`);
  }

  /** Calls `listener` with each message that is new or changed. */
  onMessage(listener: (message: PeerMessage) => void): void {
    this.#onMessage.add(listener);
  }

  offMessage(listener: (message: PeerMessage) => void): void {
    this.#onMessage.delete(listener);
  }

  /** The whole conversation with a peer as it is on the disk, oldest first. */
  async messages(peer: string): Promise<readonly PeerMessage[]> {
    const pages: (readonly PeerMessage[])[] = [];
    for (let more = true; more;) {
      const input = { with: { kind: 'peer', peer }, before: pages.at(-1)?.[0]?.id ?? null, limit: PAGE };
      const page = v.parse(pageSchema, await this.call('messages.page', input));
      pages.push(page.messages);
      more = page.more;
    }
    return pages.reverse().flat();
  }

  /** For a failure: whom it knows where, and what it complained of. */
  describe(): string {
    const contacts = this.#state?.contacts ?? [];
    const whom = contacts.map(({ peer, state, endpoints }) => `${peer.slice(0, 4)} ${state} ${endpoints.join(' ')}`);
    const notes = this.#running.lines.filter((line) => !line.startsWith('{')).slice(-TAIL);
    return `${this.name} knows ${whom.join(', ')}${notes.map((note) => `\n${note}`).join('')}`;
  }

  #hear(line: string): void {
    if (!line.startsWith('{')) return;
    const event = v.safeParse(eventSchema, JSON.parse(line));
    if (!event.success) return;
    if (event.output.name === 'message') {
      for (const listener of this.#onMessage) listener(event.output.message);
    } else {
      this.#state = event.output.state;
      for (const listener of this.#onState) listener(event.output.state);
    }
  }
}
