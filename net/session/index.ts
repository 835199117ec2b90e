/** The door of `net/session`: sessions with accepted peers, and silence towards everybody else. */
export { packetTypes, plainBytesLimit } from './protocol.ts';
export { SessionHub } from './session-hub.ts';
export type { SessionCounter, SessionCounters } from './session-counters.ts';
export type { DownReason, HintTable, SessionHubOptions, SessionUp } from './session-hub-options.ts';
