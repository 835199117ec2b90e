/**
 * The cookies that this device asks for under load: a MAC over the address of who asks, under a secret that changes. Source:
 * spec/PROTOCOL.md, *Handshake*, *Cookie (4)*.
 */
import { createHmac } from 'node:crypto';
import type { Endpoint, RandomBytes } from '../world.ts';
import { hasCookieMac } from './first-packet.ts';
import type { FirstPacket } from './first-packet.ts';
import { cookieBytes, cookieLifeMs } from './protocol.ts';

const secretBytes = 32;

interface Secret {
  readonly bytes: Uint8Array;
  readonly madeMs: number;
}

export class Cookies {
  readonly #random: RandomBytes;
  /** Newest first, at most two: a cookie made just before the secret changed counts as long as any other. */
  #secrets: readonly Secret[] = [];

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** The cookie of `endpoint`, 16 bytes. */
  bake(endpoint: Endpoint, nowMs: number): Uint8Array {
    this.#renew(nowMs);
    const [newest] = this.#secrets;
    if (newest === undefined || nowMs - newest.madeMs >= cookieLifeMs) {
      const fresh = { bytes: this.#random(secretBytes), madeMs: nowMs };
      this.#secrets = newest === undefined ? [fresh] : [fresh, newest];
      return cookieOf(fresh, endpoint);
    }
    return cookieOf(newest, endpoint);
  }

  /** Whether `first` carries the MAC under a cookie of `endpoint` that still counts. */
  accepts(first: FirstPacket, endpoint: Endpoint, nowMs: number): boolean {
    this.#renew(nowMs);
    return this.#secrets.some((secret) => hasCookieMac(first, cookieOf(secret, endpoint)));
  }

  /** Zeroes the secrets. */
  destroy(): void {
    for (const secret of this.#secrets) secret.bytes.fill(0);
    this.#secrets = [];
  }

  /** A secret bakes for one life, and its last cookie counts for one more. */
  #renew(nowMs: number): void {
    const isLive = (secret: Secret): boolean => nowMs - secret.madeMs < 2 * cookieLifeMs;
    for (const secret of this.#secrets) if (!isLive(secret)) secret.bytes.fill(0);
    this.#secrets = this.#secrets.filter(isLive);
  }
}

function cookieOf(secret: Secret, endpoint: Endpoint): Uint8Array {
  const mac = createHmac('sha256', secret.bytes).update(`${endpoint.port} ${endpoint.address}`).digest();
  return new Uint8Array(mac.subarray(0, cookieBytes));
}
