/**
 * One UDP socket that outlives its errors: what a network does to a datagram is counted, and a socket that died is opened
 * again on the same port, with growing pauses. Made by dgram-as-promised; datagrams come by a standing listener on its
 * `socket`, because its `recv()` keeps no queue and loses what comes between two calls.
 */
import { isIP } from 'node:net';
import type { SocketOptions } from 'node:dgram';
import { DgramAsPromised } from 'dgram-as-promised';
import type { SocketAsPromised } from 'dgram-as-promised';
import type { Result } from '../../storage/index.ts';
import type { Endpoint } from '../world.ts';
import { isIpv6Text } from './ip-address.ts';
import { errorCode } from './transport-counters.ts';
import type { TransportCounters } from './transport-counters.ts';

/** Datagrams of one socket that may wait for the system to take them. */
export const SEND_WAITING_LIMIT = 1024;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Tried in turn: Linux takes less without a word, macOS and Windows may refuse. 4 MiB is a burst of some 2,000 datagrams. */
const RECEIVE_BUFFER_BYTES = [4_194_304, 1_048_576, 262_144] as const;

/**
 * What happens to datagrams in a network that is well enough, by the system's code. Windows reports an unreachable port
 * of an earlier send at the next receive (ECONNRESET); Linux's own firewall answers EPERM. The socket stays whole.
 */
const ORDINARY_ERRORS: ReadonlySet<string> = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  'EAGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EINVAL',
  'EMSGSIZE',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOBUFS',
  'ENOMEM',
  'EPERM',
  'ETIMEDOUT',
]);

export interface UdpSocketOptions {
  /** Address to bind to; its family is the socket's. */
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Whether other programs may listen at the same port. */
  readonly isShared: boolean;
  readonly counters: TransportCounters;
  readonly onMessage: (bytes: Uint8Array, from: Endpoint) => void;
  /** Each time that it was opened: sets the socket's options. What it throws is counted. */
  readonly onOpen: (socket: SocketAsPromised) => void;
}

/** The system's code for why a port could not be had: EADDRINUSE, EACCES, EAFNOSUPPORT, … */
export interface BindFailure {
  readonly kind: 'bind';
  readonly code: string;
}

export class UdpSocket {
  readonly #options: UdpSocketOptions;
  #socket: SocketAsPromised | null = null;
  #port: number;
  #sendWaiting = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | null = null;
  #opening: Promise<Result<void, BindFailure>> | null = null;
  #isClosed = false;
  #failure: string | null = null;

  constructor(options: UdpSocketOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** The port that it has, once it was opened. */
  get port(): number {
    return this.#port;
  }

  get family(): 'IPv4' | 'IPv6' {
    return isIpv6Text(this.#options.address) ? 'IPv6' : 'IPv4';
  }

  /** The system's code for why it is not open; null while it is. */
  get failure(): string | null {
    return this.#failure;
  }

  /** To set options on; null while it is being opened again. */
  get socket(): SocketAsPromised | null {
    return this.#socket;
  }

  /** Opens it once. After a failure, nothing more happens unless `keepTrying` is called. */
  open(): Promise<Result<void, BindFailure>> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** From here on it is opened again and again until it is open, or closed. */
  keepTrying(): void {
    if (this.#isClosed || this.#socket !== null || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#tryAgain();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** Closes it and opens it again on its port: what it had joined is forgotten. */
  async reopen(): Promise<void> {
    await this.#drop();
    this.keepTrying();
  }

  /** Whether the system took the datagram. Never rejects: what goes wrong is counted. */
  async send(bytes: Uint8Array, to: Endpoint): Promise<boolean> {
    const { counters } = this.#options;
    const socket = this.#socket;
    if (socket === null || this.#sendWaiting >= SEND_WAITING_LIMIT) {
      counters.unsent += 1;
      return false;
    }
    this.#sendWaiting += 1;
    try {
      await socket.send(bytes, to.port, to.address);
      counters.sent += 1;
      this.#pauseMs = FIRST_PAUSE_MS;
      return true;
    } catch (error) {
      counters.noteError('send', error);
      return false;
    } finally {
      this.#sendWaiting -= 1;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // An opening that is under way closes what it opened.
    await this.#opening;
    await this.#drop();
  }

  async #tryAgain(): Promise<void> {
    this.#options.counters.reopened += 1;
    const opened = await this.open();
    if (!opened.ok) this.keepTrying();
  }

  async #open(): Promise<Result<void, BindFailure>> {
    const { address, counters, isShared, onOpen } = this.#options;
    const isV6 = this.family === 'IPv6';
    const socket = DgramAsPromised.createSocket({
      type: isV6 ? 'udp6' : 'udp4',
      reuseAddr: isShared,
      ipv6Only: isV6,
      lookup: lookUpLiteral,
    });
    try {
      await socket.bind({ port: this.#port, address });
    } catch (error) {
      counters.noteError('bind', error);
      this.#failure = errorCode(error);
      await closeQuietly(socket);
      return { ok: false, error: { kind: 'bind', code: this.#failure } };
    }
    this.#port = socket.address().port;
    this.#failure = null;
    this.#socket = socket;
    // Takes away the library's own listeners and no more: they keep an error, and the next send would be refused for it.
    socket.destroy();
    this.#listen(socket);
    setReceiveBuffer(socket, counters);
    try {
      onOpen(socket);
    } catch (error) {
      counters.noteError('option', error);
    }
    if (this.#isClosed) await this.#drop();
    return { ok: true, value: undefined };
  }

  #listen(socket: SocketAsPromised): void {
    const { counters, onMessage } = this.#options;
    socket.socket.on('message', (bytes, from) => {
      if (this.#socket !== socket) return;
      this.#pauseMs = FIRST_PAUSE_MS;
      onMessage(bytes, { address: from.address, port: from.port });
    });
    socket.socket.on('error', (error) => {
      if (this.#socket !== socket) return;
      counters.noteError('receive', error);
      if (ORDINARY_ERRORS.has(errorCode(error))) return;
      this.#failure = errorCode(error);
      void this.reopen();
    });
    socket.socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#failure = 'closed';
      this.#socket = null;
      this.keepTrying();
    });
  }

  /** Lets go of the socket, so that its last events are nobody's. */
  async #drop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    this.#failure ??= 'closed';
    if (socket !== null) await closeQuietly(socket);
  }
}

/** Never a name server: only addresses are sent to, and at once instead of a tick later. */
const lookUpLiteral: NonNullable<SocketOptions['lookup']> = (address, _options, callback) => {
  const family = isIP(address);
  const error = family === 0 ? Object.assign(new Error('Expected an IP address'), { code: 'EINVAL' }) : null;
  callback(error, address, family);
};

function setReceiveBuffer(socket: SocketAsPromised, counters: TransportCounters): void {
  for (const sizeBytes of RECEIVE_BUFFER_BYTES) {
    try {
      socket.setRecvBufferSize(sizeBytes);
      return;
    } catch (error) {
      counters.noteError('buffer', error);
    }
  }
}

/** A socket that could not be bound, or that the system closed, throws where it is closed once more. */
async function closeQuietly(socket: SocketAsPromised): Promise<void> {
  try {
    await socket.close();
  } catch (error) {
    if (errorCode(error) !== 'ERR_SOCKET_DGRAM_NOT_RUNNING') throw error;
  }
}
