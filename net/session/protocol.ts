/**
 * Numbers of spec/PROTOCOL.md that sessions keep to, each with its section. What this implementation chose for itself
 * stands in `bounds.ts`.
 */

/** *Sockets and ports*: the first byte of each packet. */
export const packetTypes = { first: 2, second: 3, cookie: 4, data: 5 } as const;
/** *Sockets and ports*: bytes of a datagram, at most. */
export const datagramBytesLimit = 1_200;

/** *Handshake*. */
export const handshakeProtocol = 'Noise_IKpsk2_25519_ChaChaPoly_SHA512';
export const handshakePrologue = 'lobbykeep session 1';
/** Index of the pair's psk in that protocol. */
export const pskIndex = 2;
/** *Handshake*: bytes that Noise adds to the hello in message 1 (e, s, tag of the payload) and in message 2 (e, tag). */
export const firstNoiseBytes = 96;
export const secondNoiseBytes = 48;
/** *Hello*. */
export const helloVersion = 1;
export const helloBytesLeast = 16;
export const helloBytesLimit = 512;
export const bootIdBytes = 8;

/** Fields that several packets share. */
export const indexBytes = 4;
export const hintBytes = 8;
export const outerNonceBytes = 12;
export const outerTagBytes = 16;
export const stampBytes = 8;
export const cookieBytes = 16;
export const cookieMacBytes = 16;

/** *Data*: type, index and counter before what is sealed, and the tag behind it. */
export const dataHeaderBytes = 13;
export const dataTagBytes = 16;
/** *Data*: bytes of a plain text, at most. */
export const plainBytesLimit = datagramBytesLimit - dataHeaderBytes - dataTagBytes;
/** *Data*: plain texts are padded to a multiple of this, or to the limit. */
export const plainBlockBytes = 16;

/** *Cookie*: handshakes a second that may ask for curve operations before cookies are asked for. */
export const freeHandshakesPerSecond = 20;
/** *Cookie*: how long the secret behind cookies, and a cookie, counts, ms. */
export const cookieLifeMs = 120_000;
/** *Handshake*: first messages with an unknown hint that are tried against all peers, a second. */
export const hintTrialsPerSecond = 5;

/** *Timers*: from a first message to the next; the last one counts for all that follow, ms. */
export const firstDelaysMs = [250, 500, 1_000, 2_000, 5_000] as const;
/** *Timers*: the initiator proves its session by an empty data packet, again after each of these until a packet came in it, ms. */
export const proofDelaysMs = [250, 500, 1_000, 2_000] as const;
/** *Timers*: age at which a session in which the initiator heard nothing is not believed in any more: it begins another, ms. */
export const unansweredAfterMs = 8_000;
/** *Timers*: age at which the side that began a session begins the next, and at which the other does where it did not, ms. */
export const renewAfterMs = 120_000;
export const renewAnywayAfterMs = 150_000;
/** *Timers*: packets sent in a session after which the next is begun. */
export const renewAfterPackets = 2 ** 48;
/** *Timers*: age at which a session is dead, ms. */
export const sessionLifeMs = 180_000;
/**
 * *Timers*: counters end here, long before the 2^60 at which a session would be dead: numbers count exactly up to 2^53, and at a
 * million packets a second that would take 285 years of the 180 s that a session lives.
 */
export const counterLimit = Number.MAX_SAFE_INTEGER;
/** *Timers*: how long the answering side keeps a session in which no packet came yet, ms. */
export const unprovenLifeMs = 10_000;
/** *Bounds*. */
export const peersLimit = 256;
export const unfinishedHandshakesLimit = 64;
/** *Keys*: pair secrets of one peer, at most. */
export const pairsLimit = 2;
