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

export interface RunningOptions extends Pick<NetNodeOptions, 'random' | 'newId'> {
  readonly log: Log;
  readonly clock: Clock;
  /** Null: no socket is opened. */
  readonly sockets: { readonly bind?: { readonly address: string; readonly port: number } } | null;
  readonly events: NetEvents;
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

/** Fails where the contact book cannot be read; without sockets it runs all the same, and says why. */
export async function startNetwork(options: RunningOptions): Promise<Result<RunningNetwork, { message: string }>> {
  const { log, clock, random, newId, sockets, events } = options;
  const held: { node: NetNode | null; clockwork: Clockwork | null } = { node: null, clockwork: null };
  const onChange = (): void => held.node?.bookChanged();
  const book = await ContactBook.open({ store: log.state, random, clock, onChange });
  if (!book.ok) return book;
  if (book.value.doorTokens().length === 0 && book.value.tokens().length === 0) await book.value.makeToken('');
  const opened = sockets === null ? null : await openDatagrams({ clock, ...sockets });
  const real: OpenDatagrams | null = opened?.ok === true ? opened.value : null;
  const datagrams: Datagrams = real ?? openSilentDatagrams();
  const node = new NetNode({
    clock,
    random,
    newId,
    datagrams,
    events,
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
  held.clockwork = startClockwork({
    elapsedMs: () => clock.elapsedMs(),
    nextMs: () => node.nextMs,
    poll: () => node.poll(),
  });
  held.clockwork.wake();
  const check =
    real === null
      ? null
      : new NetworkCheck({
          datagrams: real,
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
  return {
    ok: true,
    value: {
      book: book.value,
      node,
      check,
      elapsedMs: () => clock.elapsedMs(),
      sessionPort: real?.sessionPort ?? null,
      socketProblem: opened?.ok === false ? opened.error.message : null,
      async close() {
        node.close();
        held.clockwork?.stop();
        await book.value.flush();
        await datagrams.close();
      },
    },
  };
}
