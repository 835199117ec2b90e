/**
 * Answers first messages whose seal and stamp are right: by a second message and a session that waits for its proof, under
 * load by a cookie. Source: spec/PROTOCOL.md, *Handshake*, *Cookie (4)* and *Simultaneous open*.
 */
import { TokenBucket } from '../token-bucket.ts';
import { answerFirst } from './answer.ts';
import { cookiedHandshakesPerSecond } from './bounds.ts';
import { makeCookie } from './cookie-packet.ts';
import { Cookies } from './cookies.ts';
import type { Ask } from './first-gate.ts';
import type { HubContext } from './hub-context.ts';
import { freeHandshakesPerSecond, outerNonceBytes } from './protocol.ts';

const freeRate = { burst: freeHandshakesPerSecond, count: freeHandshakesPerSecond, everyMs: 1_000 } as const;
const cookiedRate = { burst: cookiedHandshakesPerSecond, count: cookiedHandshakesPerSecond, everyMs: 1_000 } as const;

export class Responder {
  readonly #context: HubContext;
  readonly #cookies: Cookies;
  /** Handshakes that may ask for curve operations, without and with a cookie. */
  readonly #free = new TokenBucket(freeRate);
  readonly #cookied = new TokenBucket(cookiedRate);

  constructor(context: HubContext) {
    this.#context = context;
    this.#cookies = new Cookies(context.options.random);
  }

  answer(ask: Ask): void {
    const context = this.#context;
    const { counters, indices, nowMs, options } = context;
    const { peer, pair, first, from } = ask;
    const isCrossing = peer.initiation !== null;
    const yields = isCrossing && context.ownId > peer.id;
    if (isCrossing && !yields && !peer.hasIgnoredOne) {
      peer.hasIgnoredOne = true;
      return counters.count('firstCrossed');
    }
    if (!this.#mayCompute(ask, nowMs)) return;
    if (yields) context.dropInitiation(peer);
    if (peer.sessions.next === null && !context.makeRoom(nowMs)) return counters.count('firstNoRoom');
    const answer = answerFirst(first, {
      identity: context.identity,
      random: options.random,
      hello: peer.hello,
      remoteStatic: peer.contactKey,
      pair,
      localIndex: indices.pick(),
      from,
      nowMs,
    });
    if (!answer.ok) return counters.count(answer.error.kind === 'refused' ? 'firstRefused' : 'firstWrongHello');
    const { session, bytes } = answer.value;
    peer.sessions.offer(session);
    indices.set(session.localIndex, { kind: 'session', peer, session });
    counters.count('secondsSent');
    options.send(bytes, from);
  }

  /** Zeroes the secrets behind cookies. */
  destroy(): void {
    this.#cookies.destroy();
  }

  /** Whether there is load left for this one; where not, the peer is asked to prove its address, or waits. */
  #mayCompute(ask: Ask, nowMs: number): boolean {
    if (this.#free.take(nowMs)) return true;
    const { counters } = this.#context;
    if (!this.#cookies.accepts(ask.first, ask.from, nowMs)) {
      this.#sendCookie(ask, nowMs);
      return false;
    }
    if (ask.peer.cookied.take(nowMs) && this.#cookied.take(nowMs)) return true;
    counters.count('firstOverload');
    return false;
  }

  #sendCookie(ask: Ask, nowMs: number): void {
    const { counters, options } = this.#context;
    const { first, from, pair } = ask;
    const bytes = makeCookie({
      receiverIndex: first.senderIndex,
      nonce: options.random(outerNonceBytes),
      outer: pair.outerOut,
      cookie: this.#cookies.bake(from, nowMs),
      firstTag: first.tag,
    });
    counters.count('cookiesSent');
    options.send(bytes, from);
  }
}
