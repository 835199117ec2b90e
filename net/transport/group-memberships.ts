/**
 * The multicast groups that a discovery socket has joined, one for each interface. Joining is tried again at every look
 * at the interfaces, because an interface that was taken away and given back between two looks has lost it, and the
 * system's answer to a second join (EADDRINUSE) costs a few microseconds.
 */
import type { LocalAddress } from './local-address.ts';
import { errorCode } from './transport-counters.ts';
import type { TransportCounters } from './transport-counters.ts';

/**
 * A membership of an interface that is gone cannot be given up by its address any more, and Linux allows 20 a socket
 * (igmp_max_memberships): after this many the socket is better opened anew.
 */
const STALE_LIMIT = 6;

/** What is needed of a socket: it throws what the system says. */
export interface MembershipSocket {
  addMembership(group: string, onInterface: string): unknown;
  dropMembership(group: string, onInterface: string): unknown;
}

export class GroupMemberships {
  readonly #group: string;
  readonly #counters: TransportCounters;
  readonly #joined = new Set<string>();
  /** Failures that were counted: one that stays is one event, not one every two seconds. */
  readonly #failed = new Set<string>();
  #staleCount = 0;

  constructor(group: string, counters: TransportCounters) {
    this.#group = group;
    this.#counters = counters;
  }

  /** Whether the socket holds so many memberships of interfaces that are gone that it should be opened anew. */
  get isStale(): boolean {
    return this.#staleCount >= STALE_LIMIT;
  }

  /** The interfaces that are joined, as `toJoin` names them. */
  get joined(): ReadonlySet<string> {
    return this.#joined;
  }

  /** The socket is a fresh one: nothing is joined. */
  reset(): void {
    this.#joined.clear();
    this.#failed.clear();
    this.#staleCount = 0;
  }

  /** Joins on every interface of `addresses`, which are of the socket's family. */
  update(socket: MembershipSocket, addresses: readonly LocalAddress[]): void {
    const wanted = new Set(addresses.map(toJoin));
    for (const gone of [...this.#joined].filter((name) => !wanted.has(name))) this.#leave(socket, gone);
    for (const name of this.#failed) if (!wanted.has(name)) this.#failed.delete(name);
    for (const name of wanted) this.#join(socket, name);
  }

  /** Leaves and joins again, so that switches hear of it: after sleep they may have forgotten. */
  refresh(socket: MembershipSocket, addresses: readonly LocalAddress[]): void {
    for (const name of this.#joined) this.#leave(socket, name);
    this.#staleCount = 0;
    this.update(socket, addresses);
  }

  #join(socket: MembershipSocket, name: string): void {
    try {
      socket.addMembership(this.#group, name);
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') {
        this.#joined.delete(name);
        if (!this.#failed.has(name)) this.#counters.noteError('join', error);
        this.#failed.add(name);
        return;
      }
    }
    this.#joined.add(name);
    this.#failed.delete(name);
  }

  #leave(socket: MembershipSocket, name: string): void {
    this.#joined.delete(name);
    try {
      socket.dropMembership(this.#group, name);
    } catch {
      // The interface is gone, and the membership with it, except for its entry in the socket's list.
      this.#staleCount += 1;
    }
  }
}

/** What names an interface to `addMembership`: its address, or for IPv6 `::%` and its zone. */
export function toJoin(address: LocalAddress): string {
  return address.family === 'IPv4' ? address.address : `::%${address.zone}`;
}
