/** The door of `net/discovery`: beacons that only accepted peers can read, when to send them, and where peers were heard. */
export { announceBeacon } from './announce-beacon.ts';
export type { BeaconAnnouncement } from './announce-beacon.ts';
export { BEACON_BYTES, BEACON_TYPE, SLOT_COUNT, prepareBeacon } from './beacon.ts';
export type { BeaconKey, BeaconMatch, BeaconTags, BeaconWriter } from './beacon.ts';
export { BeaconPeers } from './beacon-peers.ts';
export { BeaconReader } from './beacon-reader.ts';
export type { BeaconCounts, BeaconReaderPeers } from './beacon-reader.ts';
export { BeaconSchedule } from './beacon-schedule.ts';
export { CANDIDATES_LIMIT, EndpointBook } from './endpoint-book.ts';
export type { Candidate, CandidateSource, KnownEndpoints } from './endpoint-book.ts';
export { OwnBeacons } from './own-beacons.ts';
export type { BeaconOrigin } from './own-beacons.ts';
export { Turns } from './turns.ts';
