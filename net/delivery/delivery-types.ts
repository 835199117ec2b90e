/** What a `Delivery` is given and tells: its options, events, reasons and figures. */
import type { DeliveryClass } from './limits.ts';
import type { Ticket } from './outgoing.ts';

/** `left`: that side ends. `broken`: the other side broke the protocol. `unknown`: a reason of a later version. */
export type CloseReason = 'left' | 'broken' | 'unknown';

/** Called from within `receive`, `drop` and `close`, when the state is whole again: they may call any method. */
export interface DeliveryEvents {
  /** The next record of its class, whole; the bytes are the callee's. `consumed` must be called once for each. */
  onRecord(cls: DeliveryClass, record: Uint8Array): void;
  /** The peer's program has all of the record that `queue` gave this ticket. */
  onAcknowledged(cls: DeliveryClass, ticket: Ticket): void;
  /** After `queue` gave null: a record of any size goes in again. */
  onDrain(cls: DeliveryClass): void;
  /** Nothing comes or goes any more. Once. */
  onClose(reason: CloseReason, by: 'self' | 'peer'): void;
}

export interface DeliveryOptions {
  readonly events: DeliveryEvents;
  /** Plain bytes of one packet, 256 to 16,383; 1,171 unless said. */
  readonly maxPacketBytes?: number;
}

/** What became of a packet: `duplicate`: its number came before; `malformed`: no frames, or the peer broke a bound, which closes. */
export type PacketTaken = 'ok' | 'duplicate' | 'malformed' | 'closed';

/** Counts of packets are since the beginning. */
export interface DeliveryStats {
  readonly srttMs: number;
  readonly rttVarMs: number;
  /** Share of the latest packets that were lost, 0 to 1. */
  readonly lossRate: number;
  /** Bytes that may be in flight. */
  readonly cwndBytes: number;
  readonly inFlightBytes: number;
  /** The pace, bytes a millisecond. */
  readonly paceBytesPerMs: number;
  readonly sent: number;
  readonly received: number;
  /** Without those that arrived after all. */
  readonly lost: number;
  readonly duplicates: number;
  readonly malformed: number;
  /** Came, but could not be held; the peer sends them again. */
  readonly refused: number;
  /** Bytes of records for each class that are not acknowledged, and of those that came and are not given out; 32 more a record. */
  readonly queuedBytes: readonly [number, number, number];
  readonly heldBytes: readonly [number, number, number];
}
