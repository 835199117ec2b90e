/**
 * The door of `net`: identity and code, requests, sessions, delivery, discovery and sync between accepted peers, over
 * encrypted UDP. What is promised: `spec/PROTOCOL.md`. Knows nothing of Electron, the screen or SQL.
 */
export { NetworkCheck, createSystemFacts } from './check/index.ts';
export type { Finding } from './check/index.ts';
export { formatCode, isRequestToken, parseCode } from './code/index.ts';
export type { CodeError, RequestToken } from './code/index.ts';
export { ContactBook, restoreBackup } from './contacts/index.ts';
export type { AskOutcome, AskedView, ContactError, ContactView, TokenView, WaitingView } from './contacts/index.ts';
export { NetNode } from './node/net-node.ts';
export type { NetNodeOptions } from './node/net-node-options.ts';
export type { NetEvents, Presence } from './node/net-events.ts';
export { startClockwork } from './node/node-clockwork.ts';
export type { Clockwork } from './node/node-clockwork.ts';
export { safetyWords } from './pair/index.ts';
export { isPeerId, toContactKey, toPeerId } from './peer-id.ts';
export type { PeerId } from './peer-id.ts';
export { isRoomId } from './records/ids.ts';
export type { RoomId } from './records/ids.ts';
export { audit } from './scope/scope-audit.ts';
export type { Scope } from './scope/scope.ts';
export type { SharedLog } from './sync/shared-log.ts';
export { SESSION_PORT, openDatagrams } from './transport/index.ts';
export type { Datagrams, OpenDatagrams } from './transport/index.ts';
export type { Clock, Endpoint, RandomBytes } from './world.ts';
