/** Real sockets on loopback for the tests of the transport, and clocks that a test moves by hand. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import os from 'node:os';
import type { TestContext } from 'node:test';
import { openDatagrams } from '../../../../net/transport/index.ts';
import type {
  DatagramsOptions,
  DatagramVia,
  NetworkInterfaces,
  OpenDatagrams,
} from '../../../../net/transport/index.ts';
import type { Clock, Endpoint } from '../../../../net/world.ts';

export const systemClock: Clock = { unixMs: () => Date.now(), elapsedMs: () => performance.now() };

/** A clock that stands still unless it is moved. */
export class HandClock implements Clock {
  #unixMs = 1_700_000_000_000;
  #elapsedMs = 5000;

  unixMs(): number {
    return this.#unixMs;
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** @param elapsedMs differs from `unixMs` where the machine sleeps or the clock is set. */
  move(unixMs: number, elapsedMs = unixMs): void {
    this.#unixMs += unixMs;
    this.#elapsedMs += elapsedMs;
  }
}

/** A UDP port that nobody has at the moment. */
export async function findFreePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** The loopback interface alone: what tests announce on stays on this machine. */
export function loopbackOnly(): NetworkInterfaces {
  const entries = Object.entries(os.networkInterfaces());
  return Object.fromEntries(entries.map(([name, infos]) => [name, infos?.filter((info) => info.internal)]));
}

export interface Heard {
  readonly text: string;
  readonly from: Endpoint;
  readonly via: DatagramVia;
}

/** Datagrams and all that they heard, as latin1 text. */
export interface Listening {
  readonly datagrams: OpenDatagrams;
  readonly heard: readonly Heard[];
  /** Resolves with the first datagram, past or to come, that fits. */
  readonly hear: (fits: (heard: Heard) => boolean) => Promise<Heard>;
}

/** Opens on 127.0.0.1, any port, unless told otherwise; closed when the test ends. */
export async function listen(context: TestContext, options: Partial<DatagramsOptions> = {}): Promise<Listening> {
  const opened = await openDatagrams({
    clock: systemClock,
    bind: { address: '127.0.0.1', port: 0 },
    interfaces: loopbackOnly,
    ...options,
  });
  assert.ok(opened.ok);
  const datagrams = opened.value;
  context.after(() => datagrams.close());
  const heard: Heard[] = [];
  const waiting = new Set<(one: Heard) => void>();
  datagrams.onDatagram((bytes, from, via) => {
    const one = { text: Buffer.from(bytes).toString('latin1'), from, via };
    heard.push(one);
    for (const each of waiting) each(one);
  });
  return {
    datagrams,
    heard,
    hear: (fits) => {
      const past = heard.find(fits);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve) => {
        const each = (one: Heard): void => {
          if (!fits(one)) return;
          waiting.delete(each);
          resolve(one);
        };
        waiting.add(each);
      });
    },
  };
}

export function textBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
