/** What the network takes from the world, as arguments: one seed then replays a whole simulated LAN. */

/** Fresh random bytes of a cryptographic source; of a seeded one in a simulation. */
export type RandomBytes = (sizeBytes: number) => Uint8Array;

/** Both clocks of a machine. */
export interface Clock {
  /** Unix time, ms. May jump. */
  unixMs(): number;
  /** Milliseconds of a clock that never goes back; its zero means nothing. */
  elapsedMs(): number;
}

/** Where a datagram comes from or goes to. */
export interface Endpoint {
  /** IPv4 in dots, or IPv6 as `node:dgram` writes it, with `%interface` where it is link-local. */
  readonly address: string;
  /** UDP port, 1 to 65,535. */
  readonly port: number;
}

export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}
