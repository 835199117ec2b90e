/** The door of `net/transport`: datagrams from and to the machines of the link, behind an interface. */
export { DATAGRAM_BYTES_LIMIT, LISTENERS_LIMIT, SESSION_PORT } from './datagrams.ts';
export type {
  AnnouncementWay,
  DatagramCounters,
  DatagramListener,
  Datagrams,
  DatagramVia,
  InterfacesListener,
  InterfacesReason,
} from './datagrams.ts';
export type { InterfaceKind } from './interface-kind.ts';
export { ADDRESS_BYTES, isLinkLocal, parseAddress } from './ip-address.ts';
export type { LocalAddress, NetworkInterfaces } from './local-address.ts';
export { openDatagrams } from './open-datagrams.ts';
export type { DatagramsFailure, DatagramsOptions, OpenDatagrams } from './open-datagrams.ts';
export type { SocketReport, SocketState } from './socket-datagrams.ts';
