/** The door of delivery: reliable records over unreliable packets. */
export { Delivery } from './delivery.ts';
export type { CloseReason, DeliveryEvents, DeliveryOptions, DeliveryStats, PacketTaken } from './delivery-types.ts';
export { CONTROL, HISTORY, LIVE, MAX_PACKET_BYTES, MAX_RECORD_BYTES } from './limits.ts';
export type { DeliveryClass } from './limits.ts';
export type { Ticket } from './outgoing.ts';
