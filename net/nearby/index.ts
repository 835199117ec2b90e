/** The door of `net/nearby`: people in the same room, while both sides want to be seen. */
export { NEARBY_LIMIT_MS, NEARBY_PEOPLE_LIMIT, NEARBY_PER_ADDRESS_LIMIT, NearbyList } from './nearby-list.ts';
export type { NearbyOutcome, NearbyPerson } from './nearby-list.ts';
export { NEARBY_BYTES, NEARBY_TYPE, decodeNearby, encodeNearby } from './nearby-packet.ts';
export type { NearbyPacket } from './nearby-packet.ts';
