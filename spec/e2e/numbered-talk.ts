/**
 * One direction of a conversation that goes on while a network is changed under it: numbered messages at a steady pace, and
 * what became of them at the other end. For peers-on-lan.test.ts.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { within } from './lan-peer.ts';
import type { LanPeer, PeerMessage } from './lan-peer.ts';

/** Every so many messages one is so long that it fills packets, characters. */
const LONG_EVERY = 10;
const LONG_CHARS = 3_000;

export class NumberedTalk {
  readonly from: LanPeer;
  readonly to: LanPeer;
  readonly #periodMs: number;
  readonly #sent: string[] = [];
  /** Which message each of those who wait waits for. */
  readonly #waiting = new Map<() => void, number>();
  #arrived = 0;
  #isGoing = true;
  readonly #ended: Promise<void>;
  readonly #onMessage = ({ from, text }: PeerMessage): void => {
    if (from !== this.from.id) return;
    this.#arrived = Math.max(this.#arrived, numberOf(text));
    for (const [resolve, number] of this.#waiting) {
      if (number > this.#arrived) continue;
      this.#waiting.delete(resolve);
      resolve();
    }
  };

  /** Begins at once. @param periodMs between two messages; more where the sender's disk is slower. */
  constructor(from: LanPeer, to: LanPeer, periodMs: number) {
    this.from = from;
    this.to = to;
    this.#periodMs = periodMs;
    to.onMessage(this.#onMessage);
    this.#ended = this.#talk();
    // Who awaits `stop` or `arrives` is told; nobody else needs to be.
    this.#ended.catch(() => {});
  }

  get name(): string {
    return `${this.from.name} to ${this.to.name}`;
  }

  get sentCount(): number {
    return this.#sent.length;
  }

  /** Resolves when a message arrived that is sent from here on, with how long that took, ms. */
  async arrives(limitMs: number): Promise<number> {
    const startMs = performance.now();
    await this.#untilArrived(this.#sent.length + 1, limitMs);
    return performance.now() - startMs;
  }

  /** Says no more; resolves when the last message arrived. */
  async stop(limitMs: number): Promise<void> {
    this.#isGoing = false;
    await this.#ended;
    await this.#untilArrived(this.#sent.length, limitMs);
    this.to.offMessage(this.#onMessage);
  }

  /** All of it is on the receiver's disk, each once and in order, and the sender knows. */
  async check(): Promise<void> {
    const received = (await this.to.messages(this.from.id)).filter(({ from }) => from === this.from.id);
    assert.deepEqual(
      received.map(({ text }) => numberOf(text)),
      this.#sent.map(numberOf),
      this.name,
    );
    assert.deepEqual(
      received.map(({ text }) => text),
      this.#sent,
      this.name,
    );
  }

  /** Whether the sender knows of each message that it is on the receiver's disk. */
  async isKept(): Promise<boolean> {
    const own = (await this.from.messages(this.to.id)).filter(({ from }) => from === null);
    return own.length === this.#sent.length && own.every(({ states }) => states[0]?.state === 'kept');
  }

  async #talk(): Promise<void> {
    while (this.#isGoing) {
      const number = this.#sent.length + 1;
      const text = `${number} ${this.name} ${'x'.repeat(number % LONG_EVERY === 0 ? LONG_CHARS : 0)}.`;
      this.#sent.push(text);
      const input = { with: { kind: 'peer', peer: this.to.id }, text };
      await Promise.all([this.from.call('messages.send', input), pause(this.#periodMs)]);
    }
  }

  async #untilArrived(number: number, limitMs: number): Promise<void> {
    const seen = new Promise<void>((resolve, reject) => {
      if (this.#arrived >= number) resolve();
      else this.#waiting.set(resolve, number);
      this.#ended.catch(reject);
    });
    const why = (): string =>
      `${this.name}: ${number} did not arrive (${this.#arrived} did, ${this.#sent.length} were sent).\n` +
      `${this.from.describe()}\n${this.to.describe()}\n`;
    await within(limitMs, seen, why);
  }
}

function numberOf(text: string): number {
  return Number(text.split(' ')[0]);
}
