/** The parts of a network that is on, made together and closed together: book, sockets, node, its clockwork, the check. */
import os from 'node:os';
import type { Result } from '../../../storage/index.ts';
import type { Log } from '../../../storage/index.ts';
import {
  ContactBook,
  NetNode,
  NetworkCheck,
  createSystemFacts,
  openDatagrams,
  startClockwork,
} from '../../../net/index.ts';
import type { Clock, Clockwork, Datagrams, NetEvents, NetNodeOptions, OpenDatagrams } from '../../../net/index.ts';
import { openSilentDatagrams } from './silent-datagrams.ts';

export interface SocketsOptions {
  readonly bind?: { readonly address: string; readonly port: number };
  /** `openDatagrams` unless given. */
  readonly open?: typeof openDatagrams;
}

export interface RunningOptions extends Pick<NetNodeOptions, 'random' | 'newId'> {
  readonly log: Log;
  readonly clock: Clock;
  /** Null: no socket is opened. */
  readonly sockets: SocketsOptions | null;
  readonly events: NetEvents;
  /** Sockets that are open already; they are closed with the network, also where it does not start. */
  readonly opened?: OpenDatagrams | null;
  /** What the network throws once it runs; it should be closed then. */
  readonly onBroken: (mistake: unknown) => void;
}

export interface StartFailure {
  /** A sentence for the user. */
  readonly message: string;
  /** Trying again is of no use before the user has done something. */
  readonly isLasting: boolean;
}

export interface RunningNetwork {
  readonly book: ContactBook;
  readonly node: NetNode;
  /** Null where the sockets are off or could not be had. */
  readonly sessionPort: number | null;
  /** Why there are no sockets; null where they are there or not wanted. */
  readonly socketProblem: string | null;
  readonly elapsedMs: () => number;
  /** Null without sockets. */
  readonly check: NetworkCheck | null;
  close(): Promise<void>;
}

/** The sockets alone; fails as `openDatagrams` does. */
export function openSockets(
  sockets: SocketsOptions,
  clock: Clock,
): Promise<Result<OpenDatagrams, { readonly message: string }>> {
  const { open = openDatagrams, ...bind } = sockets;
  return open({ clock, ...bind });
}

/**
 * Fails where the contact book cannot be read; without sockets it runs all the same, and says why. Rejects with what a part throws
 * as it is made; nothing is left open then.
 */
export async function startNetwork(options: RunningOptions): Promise<Result<RunningNetwork, StartFailure>> {
  const held: Held = { node: null, clockwork: null, datagrams: options.opened ?? null };
  try {
    const started = await start(options, held);
    if (!started.ok) await held.datagrams?.close();
    return started;
  } catch (mistake) {
    held.clockwork?.stop();
    await held.datagrams?.close();
    throw mistake;
  }
}

interface Held {
  node: NetNode | null;
  clockwork: Clockwork | null;
  datagrams: Datagrams | null;
}

async function start(options: RunningOptions, held: Held): Promise<Result<RunningNetwork, StartFailure>> {
  const { log, clock, random, newId, sockets, events } = options;
  const guard = (work: () => void): void => {
    try {
      work();
    } catch (mistake) {
      options.onBroken(mistake);
    }
  };
  const onChange = (): void => held.node?.bookChanged();
  const book = await ContactBook.open({ store: log.state, random, clock, onChange });
  if (!book.ok) {
    const { kind, message } = book.error;
    return { ok: false, error: { message, isLasting: kind === 'damaged-identity' } };
  }
  if (book.value.doorTokens().length === 0 && book.value.tokens().length === 0) await book.value.makeToken('');
  const opened = sockets === null || held.datagrams !== null ? null : await openSockets(sockets, clock);
  const real = opened?.ok === true ? opened.value : (options.opened ?? null);
  const datagrams: Datagrams = real ?? openSilentDatagrams();
  held.datagrams = datagrams;
  const node = new NetNode({
    clock,
    random,
    newId,
    events,
    datagrams: guardDatagrams(datagrams, guard),
    state: log.state,
    log: {
      lengths: () => log.feeds.lengths(),
      read: (game, from, limit) => log.feeds.read(game, from, limit),
      append: (entries) => log.append(entries),
      have: (feed) => log.have(feed),
    },
    book: book.value,
    wake: () => held.clockwork?.wake(),
  });
  held.node = node;
  const clockwork = startClockwork({
    elapsedMs: () => clock.elapsedMs(),
    nextMs: () => node.nextMs,
    poll: () => guard(() => node.poll()),
  });
  held.clockwork = clockwork;
  clockwork.wake();
  return {
    ok: true,
    value: {
      book: book.value,
      node,
      check: real === null ? null : makeCheck(real, node, options),
      elapsedMs: () => clock.elapsedMs(),
      sessionPort: real?.sessionPort ?? null,
      socketProblem: opened?.ok === false ? opened.error.message : null,
      async close() {
        clockwork.stop();
        try {
          node.close();
          await book.value.flush();
        } finally {
          await datagrams.close();
        }
      },
    },
  };
}

/** What comes in is taken under `guard`. */
function guardDatagrams(datagrams: Datagrams, guard: (work: () => void) => void): Datagrams {
  return {
    sessionPort: datagrams.sessionPort,
    counters: datagrams.counters,
    send: (bytes, to) => datagrams.send(bytes, to),
    announce: (make) => datagrams.announce(make),
    onDatagram: (listener) => {
      datagrams.onDatagram((bytes, from, via) => guard(() => listener(bytes, from, via)));
    },
    onInterfaces: (listener) => {
      datagrams.onInterfaces((...change) => guard(() => listener(...change)));
    },
    rescan: () => datagrams.rescan(),
    close: () => datagrams.close(),
  };
}

function makeCheck(datagrams: OpenDatagrams, node: NetNode, { clock, random }: RunningOptions): NetworkCheck {
  return new NetworkCheck({
    datagrams,
    own: node.announcer.own,
    clock,
    random,
    platform: os.platform(),
    system: createSystemFacts(os.platform()),
    wait: (durationMs) =>
      new Promise((resolve) => {
        setTimeout(resolve, durationMs);
      }),
  });
}
