/**
 * The numbers of the delivery layer that both sides must hold to. Source: spec/PROTOCOL.md, *Delivery* and *Bounds*.
 * What only one side decides (window, pacing, timers) stands beside its code.
 */

/** Class of a record; the lower goes first. */
export type DeliveryClass = 0 | 1 | 2;

export const CONTROL: DeliveryClass = 0;
export const LIVE: DeliveryClass = 1;
export const HISTORY: DeliveryClass = 2;
/** In the order in which they are sent. */
export const DELIVERY_CLASSES: readonly DeliveryClass[] = [CONTROL, LIVE, HISTORY];

/** Plain bytes of one packet: 1,200 less the head and the tag of a data packet. */
export const MAX_PACKET_BYTES = 1_171;
/** A record is 1 byte to this many. */
export const MAX_RECORD_BYTES = 1024 * 1024;
/** Ranges of one ACK frame, at most. */
export const MAX_ACK_RANGES = 64;
/** What a record counts beyond its bytes in credit and buffers: many tiny records cost memory, too. */
export const RECORD_CHARGE_BYTES = 32;
/** Bytes beyond those consumed that a peer may send in each class, before any CREDIT frame as well. */
export const CREDIT_WINDOW_BYTES = 2 * 1024 * 1024;
/** A record may be sent only while its number is below that of the oldest unacknowledged one of its class plus this. */
export const MAX_RECORDS_AHEAD = 1_024;
/** Bytes of records that wait for their acknowledgement, for each class. */
export const QUEUE_BYTES = 4 * 1024 * 1024;
/** A receiver waits no longer than this with an acknowledgement. */
export const MAX_ACK_DELAY_MS = 25;

export function isDeliveryClass(value: number): value is DeliveryClass {
  return value === CONTROL || value === LIVE || value === HISTORY;
}

/** What a record of `sizeBytes` counts in credit and in buffers. */
export function chargeOf(sizeBytes: number): number {
  return sizeBytes + RECORD_CHARGE_BYTES;
}
