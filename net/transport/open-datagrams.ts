/**
 * Real sockets behind `Datagrams`: session sockets of both families on one port, discovery sockets that share theirs
 * with the other programs of the machine, and the interfaces between them, which come and go.
 * Source: spec/PROTOCOL.md, *Sockets and ports*.
 */
import os from 'node:os';
import process from 'node:process';
import { isIP } from 'node:net';
import type { Result } from '../../storage/index.ts';
import type { Clock } from '../world.ts';
import { DISCOVERY_PORT, SESSION_PORT } from './datagrams.ts';
import type { Datagrams } from './datagrams.ts';
import { isIpv6Text, isUnspecified } from './ip-address.ts';
import { RESCAN_MS } from './interface-watch.ts';
import type { NetworkInterfaces } from './local-address.ts';
import { SocketDatagrams } from './socket-datagrams.ts';
import type { SocketReport } from './socket-datagrams.ts';
import { TransportCounters } from './transport-counters.ts';
import type { UdpSocket } from './udp-socket.ts';

/** Free ports that are tried until one is free in both families. */
const FREE_PORT_ATTEMPTS = 8;
/** The port is another's: EACCES is Windows' word where the system itself keeps it (excluded port ranges). */
const TAKEN_CODES: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES']);

export interface DatagramsOptions {
  readonly clock: Clock;
  /**
   * One family, one address; announced is only on its interface and heard only from its subnet. Port 0: any that is
   * free. All addresses of both families at `sessionPort` unless given.
   */
  readonly bind?: { readonly address: string; readonly port: number };
  /** 41975 unless given. */
  readonly sessionPort?: number;
  /** 41976 unless given. */
  readonly discoveryPort?: number;
  /** `os.networkInterfaces` unless given. */
  readonly interfaces?: () => NetworkInterfaces;
  /** Between two looks at the interfaces: 2,000 unless given. */
  readonly rescanMs?: number;
  readonly platform?: NodeJS.Platform;
}

/** What only real sockets can tell. */
export type OpenDatagrams = Datagrams & { report(): SocketReport };

/** No socket could be had at all. `message` is a sentence for the user. */
export interface DatagramsFailure {
  readonly kind: 'no-socket';
  readonly message: string;
}

/**
 * Opens the sockets. A session port that is taken is no failure: a free one is chosen, and `report()` tells. Nor is a
 * discovery port that cannot be had: it is tried again while the program runs.
 * @throws RangeError for an address or a port that is none.
 */
export async function openDatagrams(options: DatagramsOptions): Promise<Result<OpenDatagrams, DatagramsFailure>> {
  const { bind, clock } = options;
  const wantedPort = bind?.port ?? options.sessionPort ?? SESSION_PORT;
  const discoveryPort = options.discoveryPort ?? DISCOVERY_PORT;
  for (const [name, port] of Object.entries({ wantedPort, discoveryPort })) {
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new RangeError(`Expected 0 to 65535 for ${name} but received ${port}`);
  }
  if (bind !== undefined && isIP(bind.address) === 0)
    throw new RangeError(`Expected an IP address for bind.address but received ${bind.address}`);

  const counters = new TransportCounters();
  const boundTo = bind === undefined || isUnspecified(bind.address) ? null : bind.address;
  const datagrams = new SocketDatagrams({
    clock,
    counters,
    boundTo,
    wantedPort,
    discoveryPort,
    interfaces: options.interfaces ?? (() => os.networkInterfaces()),
    rescanMs: options.rescanMs ?? RESCAN_MS,
    platform: options.platform ?? process.platform,
  });
  const session = await openSession(datagrams, bind === undefined ? ['0.0.0.0', '::'] : [bind.address], wantedPort);
  if (!session.ok) return session;
  await datagrams.begin(session.value);
  return { ok: true, value: datagrams };
}

/** Session sockets on one port, the wanted one or a free one. */
async function openSession(
  datagrams: SocketDatagrams,
  addresses: readonly string[],
  wantedPort: number,
): Promise<Result<readonly UdpSocket[], DatagramsFailure>> {
  const failures = new Set<string>();
  for (let attempt = 0; attempt <= FREE_PORT_ATTEMPTS; attempt += 1) {
    const opened = await openOnePort(datagrams, addresses, attempt === 0 ? wantedPort : 0, failures);
    if (opened !== null && opened.length > 0) return { ok: true, value: opened };
    // Nothing can be bound, free port or not.
    if (opened !== null && attempt > 0) break;
  }
  const message =
    `No UDP socket could be opened (${[...failures].join(', ')}). A firewall, a sandbox or an address that this ` +
    'machine does not have is in the way: see to it, then start again.';
  return { ok: false, error: { kind: 'no-socket', message } };
}

/** All families that can be had on one port; null where the port is taken in one of them. */
async function openOnePort(
  datagrams: SocketDatagrams,
  addresses: readonly string[],
  port: number,
  failures: Set<string>,
): Promise<readonly UdpSocket[] | null> {
  const sockets: UdpSocket[] = [];
  for (const address of addresses) {
    const socket = datagrams.createSession(address, sockets[0]?.port ?? port);
    const opened = await socket.open();
    if (opened.ok) {
      sockets.push(socket);
      continue;
    }
    failures.add(`${isIpv6Text(address) ? 'IPv6' : 'IPv4'} ${address}: ${opened.error.code}`);
    if (!TAKEN_CODES.has(opened.error.code)) continue;
    for (const each of sockets) await each.close();
    return null;
  }
  return sockets;
}
