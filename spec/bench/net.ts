/**
 * Figures of the whole network between two processes on this machine: `npm run bench -- net`. Messages, cold starts, bad lines,
 * history and catching up, each beside its limit; medians of several runs. Messages are timed after 2,000 others (50 in a
 * quick run), when the program is compiled; those have rows of their own, without a limit. `npm run bench -- net quick` makes fewer and shorter ones;
 * `messages`, `starts`, `lines`, `history` and `catching` measure only that.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { bundleSide } from './bundle.ts';
import { Relay } from './net/relay.ts';
import type { Weather } from './net/relay.ts';
import type { Order } from './net/side.ts';

const isQuick = process.argv.includes('quick');
const rounds = isQuick ? 1 : 3;
const messages = isQuick ? 100 : 400;
const warmUpMessages = isQuick ? 50 : 2_000;
const historyEntries = 100_000;
const bigFeedEntries = isQuick ? 100_000 : 1_000_000;

const sideScript = await bundleSide('net/side.ts', 'net-side');

interface Figure {
  readonly figure: string;
  readonly measured: string;
  readonly limit: string;
  readonly holds: string;
}

const figures: Figure[] = [];

class SideProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #orders = 0;

  constructor() {
    this.#child = fork(sideScript, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (message: { id: number; value?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.value);
      else waiting?.reject(new Error(message.error));
    });
  }

  do(order: Order): Promise<unknown> {
    this.#orders += 1;
    const id = this.#orders;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, order });
    });
  }

  async number(order: Order): Promise<number> {
    return Number(await this.do(order));
  }

  /** A time of the side, ns. */
  async time(order: Order): Promise<bigint> {
    return BigInt(String(await this.do(order)));
  }

  async bytes(): Promise<number> {
    const counted = await this.do({ act: 'bytes' });
    if (typeof counted !== 'object' || counted === null || !('out' in counted) || !('in' in counted)) return Number.NaN;
    return Number(counted.out) + Number(counted.in);
  }

  async end(): Promise<void> {
    await this.do({ act: 'close' });
    this.#child.disconnect();
  }
}

/** Two sides that are contacts, joined by a relay or directly. */
class Pair {
  readonly ada = new SideProcess();
  readonly bob = new SideProcess();
  readonly #relay: Relay | null;
  #folder: string | null = null;

  private constructor(relay: Relay | null) {
    this.#relay = relay;
  }

  /** From the code to the first session; the time since both were open, ms. */
  static async make(options: { disk: boolean; weather?: Weather; seed?: string }): Promise<{ pair: Pair; ms: number }> {
    const relay = options.weather === undefined ? null : await Relay.open(options.seed ?? 'bench');
    const pair = new Pair(relay);
    if (options.disk) pair.#folder = await mkdtemp(join(tmpdir(), 'lobbykeep-bench-'));
    const folderOf = (name: string) => (pair.#folder === null ? null : join(pair.#folder, name));
    await pair.ada.do({ act: 'store', folder: folderOf('ada') });
    await pair.bob.do({ act: 'store', folder: folderOf('bob') });
    const [, adaAtBob] = await pair.open(options.weather);
    const code = String(await pair.ada.do({ act: 'code' }));
    const startNs = process.hrtime.bigint();
    await pair.bob.do({ act: 'ask', code, port: adaAtBob });
    return { pair, ms: await pair.connected(startNs) };
  }

  /** Opens both nodes; the ports at which each finds the other. */
  async open(weather?: Weather): Promise<readonly [bobAtAda: number, adaAtBob: number]> {
    const ports = await Promise.all([
      this.ada.number({ act: 'open', acceptsAll: true }),
      this.bob.number({ act: 'open', acceptsAll: true }),
    ]);
    if (this.#relay === null) return [ports[1], ports[0]];
    this.#relay.weather = weather ?? this.#relay.weather;
    const [atAda, atBob] = this.#relay.join(...ports);
    return [atAda, atBob];
  }

  /** Until both say that they are connected, ms. */
  async connected(sinceNs: bigint): Promise<number> {
    const times = await Promise.all([this.ada.time({ act: 'connected' }), this.bob.time({ act: 'connected' })]);
    return Math.max(...times.map((time) => Number(time - sinceNs) / 1e6));
  }

  /** Both programs end and start again, the logs open: until both are connected, ms. */
  async coldStart(): Promise<number> {
    await Promise.all([this.ada.do({ act: 'end' }), this.bob.do({ act: 'end' })]);
    const startNs = process.hrtime.bigint();
    await this.open();
    return this.connected(startNs);
  }

  /** Latencies of messages from one to the other, ascending, ms. */
  async talk(count: number, gapMs: number): Promise<readonly number[]> {
    const heard = this.bob.do({ act: 'heard', count });
    await this.ada.do({ act: 'say', count, gapMs });
    const latenciesMs = await heard;
    if (!Array.isArray(latenciesMs)) throw new TypeError('Expected latencies');
    return latenciesMs.map(Number).toSorted((a, b) => a - b);
  }

  async end(): Promise<void> {
    await Promise.all([this.ada.end(), this.bob.end()]);
    this.#relay?.close();
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }
}

function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function note(figure: string, measured: number, unit: string, limit?: number, isLeast = false): void {
  const show = (value: number) => `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
  const isWithin = limit === undefined || (isLeast ? measured >= limit : measured <= limit);
  figures.push({
    figure,
    measured: show(measured),
    limit: limit === undefined ? '' : `${isLeast ? '>=' : '<='} ${show(limit)}`,
    holds: limit === undefined ? '' : isWithin ? 'yes' : 'NO',
  });
}

async function measureMessages(): Promise<void> {
  for (const disk of [false, true]) {
    const all: { p50: number; p99: number; firstP50: number; firstP99: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { pair } = await Pair.make({ disk });
      const firstMs = await pair.talk(warmUpMessages, 5);
      const latenciesMs = await pair.talk(messages, 5);
      const [firstP50, firstP99] = [quantile(firstMs, 0.5), quantile(firstMs, 0.99)];
      all.push({ p50: quantile(latenciesMs, 0.5), p99: quantile(latenciesMs, 0.99), firstP50, firstP99 });
      await pair.end();
    }
    const what = disk ? 'message, send to receive, with both disks' : 'message, send to receive';
    note(`${what}: p50`, median(all.map(({ p50 }) => p50)), 'ms', disk ? undefined : 0.6);
    note(`${what}: p99`, median(all.map(({ p99 }) => p99)), 'ms', disk ? undefined : 3);
    note(`the same, the first ${warmUpMessages} of a run: p50`, median(all.map(({ firstP50 }) => firstP50)), 'ms');
    note(`the same, the first ${warmUpMessages} of a run: p99`, median(all.map(({ firstP99 }) => firstP99)), 'ms');
  }
}

async function measureStarts(): Promise<void> {
  const firstMs: number[] = [];
  const againMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { pair, ms } = await Pair.make({ disk: true });
    firstMs.push(ms);
    // A port of the system's choice is another at each start, and none announces on loopback: one side is told the other's.
    await pair.end();
  }
  for (let round = 0; round < rounds; round += 1) {
    const { pair } = await Pair.make({ disk: true, weather: { lossShare: 0, delayMs: 0 } });
    againMs.push(await pair.coldStart());
    await pair.end();
  }
  note('from asking to the first session', median(firstMs), 'ms');
  note('two cold starts to a session', median(againMs), 'ms', 1_000);
}

async function measureBadLines(): Promise<void> {
  const lines = [
    { lossShare: 0.1, latencyMs: 300, connectMs: 2_000 },
    { lossShare: 0.3, latencyMs: 1_500, connectMs: undefined },
  ];
  for (const { lossShare, latencyMs, connectMs } of lines) {
    const p99s: number[] = [];
    const starts: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { pair } = await Pair.make({ disk: true, weather: { lossShare, delayMs: 20 }, seed: `line ${round}` });
      p99s.push(quantile(await pair.talk(messages, 25), 0.99));
      starts.push(await pair.coldStart());
      await pair.end();
    }
    const what = `20 ms each way, ${lossShare * 100} % lost`;
    note(`${what}: ${messages} messages, p99`, median(p99s), 'ms', latencyMs);
    note(`${what}: two cold starts to a session`, median(starts), 'ms', connectMs);
  }
}

async function measureHistory(): Promise<void> {
  const seconds: number[] = [];
  const datagramRates: number[] = [];
  const entryRates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { pair } = await Pair.make({ disk: true });
    await pair.ada.do({ act: 'add', count: historyEntries - 1 });
    await pair.bob.bytes();
    const taken = pair.bob.time({ act: 'taken', count: historyEntries });
    const startNs = await pair.ada.time({ act: 'share' });
    const ms = Number((await taken) - startNs) / 1e6;
    seconds.push(ms / 1_000);
    datagramRates.push((await pair.bob.bytes()) / 1e3 / ms);
    entryRates.push((await pair.ada.number({ act: 'entryBytes' })) / 1e3 / ms);
    await pair.end();
  }
  note(`history of ${historyEntries} entries, both disks`, median(seconds), 's', 5);
  note(`history: bytes of entries, before they are packed`, median(entryRates), 'MB/s', 5, true);
  note(`history: datagrams`, median(datagramRates), 'MB/s');
}

async function measureCatchingUp(): Promise<void> {
  const times: number[] = [];
  const sizes: number[] = [];
  const { pair } = await Pair.make({ disk: false, weather: { lossShare: 0, delayMs: 0 } });
  await pair.ada.do({ act: 'add', count: bigFeedEntries - 1 });
  const startNs = await pair.ada.time({ act: 'share' });
  const ms = Number((await pair.bob.time({ act: 'taken', count: bigFeedEntries })) - startNs) / 1e6;
  note(`history of ${bigFeedEntries} entries, no disks`, ms / 1_000, 's');
  for (let round = 1; round <= 5; round += 1) {
    await Promise.all([pair.ada.do({ act: 'end' }), pair.bob.do({ act: 'end' })]);
    await pair.ada.do({ act: 'add', count: 10 });
    await pair.bob.bytes();
    await pair.open();
    const sinceNs = await pair.bob.time({ act: 'connected' });
    const caughtNs = await pair.bob.time({ act: 'taken', count: bigFeedEntries + 10 * round });
    times.push(Number(caughtNs - sinceNs) / 1e6);
    sizes.push(await pair.bob.bytes());
  }
  await pair.end();
  note(`10 entries after ${bigFeedEntries}: from session to log`, median(times), 'ms', 50);
  note(`10 entries after ${bigFeedEntries}: all datagrams`, median(sizes) / 1_000, 'kB', 4);
}

const parts = {
  messages: measureMessages,
  starts: measureStarts,
  lines: measureBadLines,
  history: measureHistory,
  catching: measureCatchingUp,
};
const isSome = Object.keys(parts).some((name) => process.argv.includes(name));
for (const [name, measure] of Object.entries(parts)) {
  if (!isSome || process.argv.includes(name)) await measure();
}
console.table(figures);
const [cpu] = cpus();
console.log(
  `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, ` +
    `Node ${process.version}; ${rounds} runs a row, medians; both processes and the line between them on this machine`,
);
