/** Two deliveries on a wire, and what came of them. */
import { Delivery, HISTORY, LIVE } from '../../../../net/delivery/index.ts';
import type { CloseReason, DeliveryClass, Ticket } from '../../../../net/delivery/index.ts';
import { Line } from '../wire.ts';
import type { LineOptions } from '../wire.ts';

/** One end: a delivery and a log of its events. */
export class End {
  readonly delivery: Delivery;
  readonly records: [Uint8Array[], Uint8Array[], Uint8Array[]] = [[], [], []];
  readonly acknowledged: [Ticket[], Ticket[], Ticket[]] = [[], [], []];
  readonly drained: DeliveryClass[] = [];
  readonly closed: (readonly [reason: CloseReason, by: 'self' | 'peer'])[] = [];
  /** Whether records are consumed as they come. */
  consumes = true;
  /** Whether records are kept in `records`. */
  keeps = true;
  onRecord: (cls: DeliveryClass, record: Uint8Array) => void = () => undefined;
  onDrain: (cls: DeliveryClass) => void = () => undefined;

  constructor(maxPacketBytes?: number) {
    const events = {
      onRecord: (cls: DeliveryClass, record: Uint8Array) => {
        if (this.keeps) this.records[cls].push(record);
        if (this.consumes) this.delivery.consumed(cls, record.length);
        this.onRecord(cls, record);
      },
      onAcknowledged: (cls: DeliveryClass, ticket: Ticket) => this.acknowledged[cls].push(ticket),
      onDrain: (cls: DeliveryClass) => {
        this.drained.push(cls);
        this.onDrain(cls);
      },
      onClose: (reason: CloseReason, by: 'self' | 'peer') => this.closed.push([reason, by]),
    };
    this.delivery = new Delivery(maxPacketBytes === undefined ? { events } : { events, maxPacketBytes });
  }

  /** Keeps the buffer of a class full with records of `sizeBytes`. */
  flood(cls: DeliveryClass, sizeBytes: number): void {
    const fill = () => {
      while (this.delivery.queue(cls, new Uint8Array(sizeBytes)) !== null);
    };
    this.onDrain = fill;
    fill();
  }
}

export interface Pair {
  readonly first: End;
  readonly second: End;
  readonly line: Line;
}

export function makePair(options: LineOptions): Pair {
  const [first, second] = [new End(), new End()];
  return { first, second, line: new Line(first.delivery, second.delivery, options) };
}

/** What a run of live records beside a flood of history gave. */
export interface Traffic {
  /** From `queue` to `onRecord`, ascending. */
  readonly liveMs: readonly number[];
  readonly historyBytesPerMs: number;
  readonly pair: Pair;
}

export interface TrafficOptions extends LineOptions {
  readonly seconds: number;
  readonly hasHistory: boolean;
  /** Between live records. */
  readonly everyMs: number;
}

/** Live records of 200 bytes at a steady pace, with history as fast as it goes; its first second does not count. */
export function runTraffic(options: TrafficOptions): Traffic {
  const pair = makePair({ timerMs: 1, ...options });
  const { first, second, line } = pair;
  const liveMs: number[] = [];
  const [warmMs, endMs] = [1_000, options.seconds * 1_000];
  let historyBytes = 0;
  second.keeps = false;
  second.onRecord = (cls, record) => {
    if (cls === HISTORY && line.nowMs >= warmMs) historyBytes += record.length;
    if (cls === LIVE) liveMs.push(line.nowMs - new DataView(record.buffer, record.byteOffset).getFloat64(0));
  };
  for (let atMs = warmMs; atMs < endMs; atMs += options.everyMs) {
    line.at(atMs, () => {
      const record = new Uint8Array(200);
      new DataView(record.buffer).setFloat64(0, line.nowMs);
      first.delivery.queue(LIVE, record);
    });
  }
  if (options.hasHistory) first.flood(HISTORY, 64 * 1024);
  line.run(endMs);
  const historyBytesPerMs = historyBytes / (endMs - warmMs);
  line.run(endMs + 60_000, () => liveMs.length >= (endMs - warmMs) / options.everyMs);
  return { liveMs: liveMs.toSorted((a, b) => a - b), historyBytesPerMs, pair };
}

/** The value below which `share` (0 to 1) of the ascending `values` lie. */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
