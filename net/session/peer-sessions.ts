/**
 * The sessions of one peer: the one to send on, the one before it, and one that was answered here and in which nothing
 * came yet. Source: spec/PROTOCOL.md, *Timers*.
 *
 * The one before is read until it dies. Two handshakes that cross may leave each side sending on the session that is the other's
 * last but one; as long as both are read, nothing is lost by it.
 */
import type { Session } from './session.ts';
import { unprovenLifeMs } from './protocol.ts';

export class PeerSessions {
  #current: Session | null = null;
  #previous: Session | null = null;
  #next: Session | null = null;
  readonly #onEnd: (session: Session) => void;

  /** `onEnd` is told of each session that ends; its keys are erased already. */
  constructor(onEnd: (session: Session) => void) {
    this.#onEnd = onEnd;
  }

  /** The one to send on. */
  get current(): Session | null {
    return this.#current;
  }

  /** Answered here, not yet proven by a packet. */
  get next(): Session | null {
    return this.#next;
  }

  get all(): readonly Session[] {
    return [this.#current, this.#previous, this.#next].filter((session) => session !== null);
  }

  /** Keeps a session that was answered here until it is proven. It replaces one that was not. */
  offer(session: Session): void {
    this.#end(this.#next);
    this.#next = session;
  }

  /** Makes a session that this side began, or `next`, the one to send on. All of another boot of the peer end by it. */
  promote(session: Session): void {
    if (session === this.#next) this.#next = null;
    this.#end(this.#previous);
    this.#previous = this.#current;
    this.#current = session;
    for (const other of this.all) if (!isSameBoot(other, session)) this.#remove(other);
  }

  /** Ends what is dead at `nowMs`, and what nothing came in. Returns how many were not proven. */
  expire(nowMs: number): number {
    for (const session of this.all) if (session.isDead(nowMs)) this.#remove(session);
    if (this.#current === null) {
      this.#current = this.#previous;
      this.#previous = null;
    }
    if (this.#next === null || nowMs < this.#next.madeMs + unprovenLifeMs) return 0;
    this.#remove(this.#next);
    return 1;
  }

  /** When `expire` has something to do, or null. */
  get expiryMs(): number | null {
    const times = this.all.map((session) => session.deadMs);
    if (this.#next !== null) times.push(this.#next.madeMs + unprovenLifeMs);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Ends those for which `shouldEnd` says so. */
  endWhere(shouldEnd: (session: Session) => boolean): void {
    for (const session of this.all) if (shouldEnd(session)) this.#remove(session);
    if (this.#current !== null) return;
    this.#current = this.#previous;
    this.#previous = null;
  }

  #remove(session: Session): void {
    if (session === this.#current) this.#current = null;
    if (session === this.#previous) this.#previous = null;
    if (session === this.#next) this.#next = null;
    this.#end(session);
  }

  #end(session: Session | null): void {
    if (session === null) return;
    session.destroy();
    this.#onEnd(session);
  }
}

/** Whether both were made with the same run of the peer's program. */
export function isSameBoot(a: Session, b: Session): boolean {
  return Buffer.compare(a.bootId, b.bootId) === 0;
}
