/**
 * One contact from the session up: the delivery of its present boot, and the link that talks over it. A channel outlives
 * sessions, addresses and boots; it ends when the person is no contact any more.
 */
import { Delivery, MAX_RECORD_BYTES } from '../delivery/index.ts';
import type { CloseReason, DeliveryStats } from '../delivery/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { RecordClass } from '../records/record.ts';
import type { SessionHub } from '../session/index.ts';
import type { LinkDelivery } from '../sync/link-options.ts';
import type { PeerLink } from '../sync/peer-link.ts';
import type { Clock } from '../world.ts';

/** Source of the three: spec/PROTOCOL.md, *Handshake*. */
const PING_AFTER_MS = 15_000;
const UNANSWERED_MS = 3_000;
const SILENT_MS = 45_000;
/** Packets sent in one go; what is left is sent in the next turn of the event loop. */
const PACKETS_AT_ONCE = 64;

export interface PeerChannelOptions {
  readonly peer: PeerId;
  readonly hub: Pick<SessionHub, 'send' | 'restart' | 'lastReceivedMs' | 'isUp'>;
  readonly clock: Clock;
  readonly makeLink: (delivery: LinkDelivery) => PeerLink;
  /** The peer answers again, or does not any more. */
  readonly onPresence: () => void;
  /** `nextMs` may have come nearer. */
  readonly wake: () => void;
}

export class PeerChannel {
  readonly #options: PeerChannelOptions;
  readonly link: PeerLink;
  #delivery: Delivery | null = null;
  #boot: string | null = null;
  #isPresent = false;
  /** The link has something to queue before the next packet. */
  #mustTell = false;
  #upMs = 0;
  #pingedMs = -Infinity;

  constructor(options: PeerChannelOptions) {
    this.#options = options;
    this.link = options.makeLink({
      queue: (cls, bytes) => this.#queue(cls, bytes),
      drop: (cls) => void this.#delivery?.drop(cls),
      soon: () => {
        this.#mustTell = true;
        options.wake();
      },
    });
  }

  /** Whether the peer answers. */
  get isPresent(): boolean {
    return this.#isPresent;
  }

  /** Null before the first session of this run. */
  get stats(): DeliveryStats | null {
    return this.#delivery?.stats() ?? null;
  }

  /** A session stands. `bootId`: 16 hex digits of the peer's run. */
  up(bootId: string): void {
    const nowMs = this.#nowMs;
    const isNewBoot = this.#delivery === null || bootId !== this.#boot;
    if (isNewBoot) this.#delivery = this.#makeDelivery();
    else this.#delivery?.resume(nowMs);
    this.#boot = bootId;
    this.#upMs = nowMs;
    this.#setPresent(true);
    this.link.up(bootId, isNewBoot);
    this.#options.wake();
  }

  /** There is no session any more. */
  down(): void {
    this.link.down();
    this.#setPresent(false);
  }

  /** Lets go of all that is under way: the next session begins with a fresh delivery on both sides. */
  restart(): void {
    this.#delivery = null;
    this.#boot = null;
    this.down();
    this.#options.hub.restart(this.#options.peer);
  }

  receive(plain: Uint8Array): void {
    const delivery = this.#delivery;
    if (delivery === null) return;
    delivery.receive(plain, this.#nowMs);
    if (!this.#isPresent && this.#delivery === delivery && this.#options.hub.isUp(this.#options.peer)) {
      this.#setPresent(true);
    }
    this.#options.wake();
  }

  /** The outbox has a message that may go: at once, for somebody waits for it. */
  messagesReady(): void {
    if (this.link.messagesReady()) this.flush();
  }

  /** When to `poll`, by the clock that never goes back. */
  get nextMs(): number {
    const delivery = this.#delivery;
    if (delivery === null || !this.#options.hub.isUp(this.#options.peer)) return this.link.nextMs;
    if (this.#mustTell) return this.#nowMs;
    const checkMs = this.#isPresent ? this.#checkMs(delivery) : Infinity;
    return Math.min(this.link.nextMs, delivery.nextMs() ?? Infinity, checkMs);
  }

  /** Does what is due. */
  poll(): void {
    this.link.poll();
    const delivery = this.#delivery;
    if (delivery !== null && this.#isPresent) {
      const silentMs = this.#nowMs - this.#heardMs;
      if (delivery.unansweredMs(this.#nowMs) >= UNANSWERED_MS || silentMs >= SILENT_MS) this.#setPresent(false);
      else if (this.#nowMs >= this.#pingDueMs) {
        this.#pingedMs = this.#nowMs;
        delivery.ping();
      }
    }
    this.flush();
  }

  /** The program ends: what waits is not lost, but not sent any more. */
  close(): void {
    this.#delivery?.close('left');
    this.flush();
    this.link.down();
  }

  /**
   * Sends at once what may be sent. Else `poll` does, in the next turn of the event loop: what is queued until then, and what
   * the disk answers at once, shares packets with the acknowledgement.
   */
  flush(): void {
    const { hub, peer, wake } = this.#options;
    const delivery = this.#delivery;
    if (delivery !== null && hub.isUp(peer)) {
      if (this.#mustTell) this.link.tell();
      this.#mustTell = false;
      for (let count = 0; count < PACKETS_AT_ONCE; count += 1) {
        const packet = delivery.next(this.#nowMs);
        if (packet === null || !hub.send(peer, packet)) break;
      }
    }
    wake();
  }

  get #nowMs(): number {
    return this.#options.clock.elapsedMs();
  }

  /** When the peer was heard last; the session itself is a sign of life. */
  get #heardMs(): number {
    return Math.max(this.#upMs, this.#options.hub.lastReceivedMs(this.#options.peer) ?? 0);
  }

  /** One ping for each silence: it is sent again until it is answered. */
  get #pingDueMs(): number {
    return Math.max(this.#heardMs, this.#pingedMs) + PING_AFTER_MS;
  }

  /** When the peer may count as away, or is to be asked for a sign of life. */
  #checkMs(delivery: Delivery): number {
    const unansweredMs = delivery.unansweredMs(this.#nowMs);
    const awayMs = unansweredMs > 0 ? this.#nowMs + UNANSWERED_MS - unansweredMs : Infinity;
    return Math.min(awayMs, this.#pingDueMs, this.#heardMs + SILENT_MS);
  }

  #queue(cls: RecordClass, bytes: Uint8Array): boolean {
    if (bytes.length > MAX_RECORD_BYTES)
      throw new RangeError(`Expected at most ${MAX_RECORD_BYTES} bytes for a record but received ${bytes.length}`);
    if (this.#delivery === null || this.#delivery.queue(cls, bytes) === null) return false;
    this.#options.wake();
    return true;
  }

  #makeDelivery(): Delivery {
    const delivery = new Delivery({
      events: {
        onRecord: (cls, record) => {
          if (this.#delivery !== delivery) return;
          this.link.record(cls, record);
          delivery.consumed(cls, record.length);
        },
        onAcknowledged: () => {},
        onDrain: (cls) => {
          if (this.#delivery === delivery) this.link.drained(cls);
        },
        onClose: (reason) => this.#closed(delivery, reason),
      },
    });
    return delivery;
  }

  #closed(delivery: Delivery, reason: CloseReason): void {
    if (this.#delivery !== delivery) return;
    this.flush();
    if (reason !== 'left') return this.restart();
    this.#delivery = null;
    this.#boot = null;
    this.down();
  }

  #setPresent(isPresent: boolean): void {
    if (this.#isPresent === isPresent) return;
    this.#isPresent = isPresent;
    this.#options.onPresence();
  }
}
