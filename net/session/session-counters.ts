/** Named counters of everything that sessions drop, and of what they do: what the diagnostics show. */

/** Why nothing came of a datagram or of an attempt, or what was done. */
const names = [
  // Any datagram.
  'wrongType',
  'wrongLength',
  // First messages.
  /** An unknown hint, while as many as may be were tried against all peers already. */
  'firstUntried',
  /** An unknown hint, and no peer's key fits. */
  'firstUnknown',
  /** The hint of a peer, but its seal does not fit. */
  'firstForged',
  /** A stamp that is not greater: a replay. */
  'firstStale',
  /** More of one peer than are looked at. */
  'firstTooMany',
  /** A later one of the same peer came while it waited for the disk. */
  'firstOutrun',
  /** Its stamp could not be written. */
  'firstUnwritten',
  /** Its peer was removed, or its secret, while its stamp was written. */
  'firstOrphaned',
  /** Ignored, once, for this side's own handshake. */
  'firstCrossed',
  /** All places for unfinished handshakes are taken. */
  'firstNoRoom',
  /** Under load, with a right cookie, but more than are answered. */
  'firstOverload',
  /** Noise refused it. */
  'firstRefused',
  /** A hello of another version. */
  'firstWrongHello',
  // Second messages.
  'secondUnknown',
  'secondForged',
  'secondRefused',
  'secondWrongHello',
  // Cookies.
  'cookieUnknown',
  'cookieForged',
  // Data.
  'dataUnknown',
  'dataWrongCounter',
  'dataReplayed',
  'dataForged',
  'dataExpired',
  // This side's own.
  /** The stamp to send could not be had. */
  'dialUnstamped',
  /** The peer's key is of low order. */
  'dialRefused',
  /** All places for unfinished handshakes were taken. */
  'dialPutOff',
  /** Handshakes begun here that made room, were let go, or were not answered in time. */
  'initiationsDropped',
  /** Sessions answered here in which no packet came in time. */
  'sessionsUnproven',
  // What was done.
  'firstsSent',
  'secondsSent',
  'cookiesSent',
  'cookiesTaken',
  'dataSent',
  'dataTaken',
  'sessionsMade',
  'sessionsEnded',
] as const;

export type SessionCounter = (typeof names)[number];

export class SessionCounters {
  readonly #values = new Map<SessionCounter, number>(names.map((name) => [name, 0]));

  count(name: SessionCounter): void {
    this.#values.set(name, this.get(name) + 1);
  }

  get(name: SessionCounter): number {
    return this.#values.get(name) ?? 0;
  }

  /** All of them, in a fixed order. */
  entries(): readonly (readonly [SessionCounter, number])[] {
    return [...this.#values];
  }
}
