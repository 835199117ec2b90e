/**
 * Figures of delivery on this machine: `npm run bench -- delivery`. Packets built and read a second without wire and cipher; history and
 * live records over virtual wires; the same between two processes over UDP on the loopback interface, without cipher.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cpus } from 'node:os';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HISTORY, LIVE } from '../../net/delivery/index.ts';
import { End, quantile, runTraffic } from '../unit/net/delivery/delivery-kit.ts';
import type { WireOptions } from '../unit/net/wire.ts';

const figures: { figure: string; value: string }[] = [];
const note = (figure: string, value: string) => figures.push({ figure, value });
const ms = (value: number) => `${value.toFixed(2)} ms`;
const liveOf = (ascending: readonly number[] = []) =>
  `p50 ${ms(quantile(ascending, 0.5))}, p99 ${ms(quantile(ascending, 0.99))}`;

/** One process builds, reads, acknowledges and reads the acknowledgements. */
function measurePackets(recordBytes: number): void {
  const [first, second] = [new End(), new End()];
  second.keeps = false;
  first.flood(HISTORY, recordBytes);
  let atMs = 0;
  let [packets, acks] = [0, 0];
  const run = (forMs: number) => {
    const endMs = performance.now() + forMs;
    while (performance.now() < endMs) {
      for (let turn = 0; turn < 100; turn += 1) {
        atMs += 0.02;
        const data = first.delivery.next(atMs);
        if (data !== null) second.delivery.receive(data, atMs);
        const ack = second.delivery.next(atMs);
        if (ack !== null) first.delivery.receive(ack, atMs);
        packets += data === null ? 0 : 1;
        acks += ack === null ? 0 : 1;
      }
      first.acknowledged[HISTORY].length = 0;
    }
  };
  run(500);
  [packets, acks] = [0, 0];
  const begin = process.cpuUsage();
  run(2_000);
  const { user, system } = process.cpuUsage(begin);
  const cpuSeconds = (user + system) / 1e6;
  note(
    `records of ${recordBytes} bytes, both sides in one core`,
    `${Math.round(packets / cpuSeconds)} packets/s and ${Math.round(acks / cpuSeconds)} acknowledgements/s of CPU`,
  );
}

const wires: readonly (readonly [name: string, wire: WireOptions])[] = [
  ['0.1 ms, 20 MB/s', { delayMs: 0.1, bytesPerMs: 20_000, queueBytes: 200_000 }],
  ['20 ms, 5 MB/s', { delayMs: 20, bytesPerMs: 5_000 }],
  ['20 ms, 5 MB/s, 1 % lost', { delayMs: 20, bytesPerMs: 5_000, lossRate: 0.01 }],
  ['20 ms, 5 MB/s, 10 % lost', { delayMs: 20, bytesPerMs: 5_000, lossRate: 0.1 }],
  ['20 ms, 5 MB/s, 30 % lost', { delayMs: 20, bytesPerMs: 5_000, lossRate: 0.3 }],
  ['20 ms, 5 MB/s, 10 % lost, 20 ms jitter', { delayMs: 20, bytesPerMs: 5_000, lossRate: 0.1, jitterMs: 20 }],
];

function measureWires(): void {
  for (const [name, there] of wires) {
    const beside = runTraffic({ there, hasHistory: true, seed: 1, seconds: 11, everyMs: 20 });
    const alone = runTraffic({ there, hasHistory: false, seed: 1, seconds: 101, everyMs: 50 });
    note(`${name}: history`, `${(beside.historyBytesPerMs / 1_000).toFixed(2)} MB/s`);
    note(`${name}: live beside it`, liveOf(beside.liveMs));
    note(`${name}: live alone`, liveOf(alone.liveMs));
  }
}

/** Unix ms, finer than a millisecond, on the clock that both processes share. */
const sharedMs = () => performance.timeOrigin + performance.now();

/** An end on a socket; sends as a program would: in turns of the event loop, with timers of 1 ms. */
class UdpEnd extends End {
  readonly socket = createSocket('udp4');
  port = 0;
  #timer: NodeJS.Timeout | null = null;
  #isDue = false;

  constructor() {
    super();
    this.socket.on('message', (bytes, { port }) => {
      this.port = port;
      this.delivery.receive(bytes, performance.now());
      this.wake();
    });
  }

  wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.pump();
    });
  }

  pump(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (let sent = 0; sent < 64; sent += 1) {
      const packet = this.delivery.next(performance.now());
      if (packet === null) break;
      this.socket.send(packet.slice(), this.port, '127.0.0.1');
    }
    const atMs = this.delivery.nextMs();
    if (atMs === null) return;
    const waitMs = atMs - performance.now();
    if (waitMs <= 0) this.wake();
    else this.#timer = setTimeout(() => this.pump(), waitMs);
  }
}

/** The child: consumes, and answers each message of the parent with what it saw since the last. */
function runReceiver(): void {
  const end = new UdpEnd();
  end.keeps = false;
  let liveMs: number[] = [];
  let historyBytes = 0;
  end.onRecord = (cls, record) => {
    if (cls === HISTORY) historyBytes += record.length;
    else liveMs.push(sharedMs() - new DataView(record.buffer, record.byteOffset).getFloat64(0));
  };
  process.on('message', () => {
    process.send?.({ liveMs: liveMs.toSorted((a, b) => a - b), historyBytes });
    liveMs = [];
    historyBytes = 0;
  });
  end.socket.bind(0, '127.0.0.1', () => process.send?.({ port: end.socket.address().port }));
}

interface Report {
  readonly port?: number;
  readonly liveMs?: readonly number[];
  readonly historyBytes?: number;
}

async function takeReport(child: ChildProcess): Promise<Report> {
  const [message]: unknown[] = await once(child, 'message');
  return typeof message === 'object' && message !== null ? message : {};
}

async function sendLive(end: UdpEnd, count: number, everyMs: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    const record = new Uint8Array(200);
    new DataView(record.buffer).setFloat64(0, sharedMs());
    end.delivery.queue(LIVE, record);
    end.pump();
    await wait(everyMs);
  }
}

async function measureLoopback(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['receiver'], { execArgv: ['--import', 'tsx'] });
  const end = new UdpEnd();
  end.port = (await takeReport(child)).port ?? 0;
  const ask = async () => {
    const report = takeReport(child);
    child.send('tell');
    return report;
  };
  await sendLive(end, 100, 5);
  await ask();
  await sendLive(end, 1_000, 5);
  note('UDP on loopback: live alone', liveOf((await ask()).liveMs));
  end.flood(HISTORY, 64 * 1024);
  await sendLive(end, 50, 20);
  await ask();
  const beginMs = performance.now();
  await sendLive(end, 250, 20);
  const report = await ask();
  note('UDP on loopback: live beside history', liveOf(report.liveMs));
  note(
    'UDP on loopback: history',
    `${((report.historyBytes ?? 0) / (performance.now() - beginMs) / 1_000).toFixed(1)} MB/s, ` +
      `${end.delivery.stats().lost} of ${end.delivery.stats().sent} packets lost`,
  );
  child.kill();
  end.socket.close();
}

if (process.argv[2] === 'receiver') runReceiver();
else {
  measurePackets(64 * 1024);
  measurePackets(200);
  measureWires();
  await measureLoopback();
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
  console.table(figures);
  process.exit();
}
