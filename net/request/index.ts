/** The door of `net/request`: asking somebody, and hearing who asks. */
export { DOOR_TOKENS_LIMIT, RequestDoor } from './request-door.ts';
export type { DoorOutcome, DoorToken, KnockedRequest, RequestDoorOptions } from './request-door.ts';
export { REQUEST_BYTES, REQUEST_TYPE, isCanonical, openRequest, sealRequest } from './request-packet.ts';
export type { OpenedRequest, RequestContents, RequestFault } from './request-packet.ts';
export { PENDING_REQUESTS_LIMIT, RequestSender } from './request-sender.ts';
export type { OutgoingRequest, RequestDatagram } from './request-sender.ts';
