/**
 * What this implementation bounds by its own choice; numbers of the protocol stand in `protocol.ts`. All of them bound what an
 * accepted peer can cost: a stranger is thrown away before any of this is looked at.
 */

/** First messages of one peer that are looked at: each costs a write to the disk. A peer that dials needs 5 in 4 s, then 1 in 5 s. */
export const peerFirstsBurst = 30;
export const peerFirstsPerSecond = 10;
/** Handshakes with a right cookie that are answered under load, in all and of one peer: 40 a second in all with the free ones. */
export const cookiedHandshakesPerSecond = 20;
export const peerCookiedBurst = 4;
export const peerCookiedPerSecond = 1;
/** Sealed second messages of one handshake that are read: only the peer itself can seal one, and only one is right. */
export const secondReadsLimit = 4;
/** Endpoints that are dialled for one peer. */
export const dialEndpointsLimit = 8;
/** From one first message to one peer to the next, at least, and how long one waits that cannot be sent yet, ms. */
export const dialGapMs = 250;
/** How long this side does not dial a peer whose handshake it has just answered, ms. */
export const answeredPauseMs = 1_000;
/** Age at which a handshake that nobody answered makes room for another where all places are taken, ms. */
export const yieldAfterMs = 1_000;
