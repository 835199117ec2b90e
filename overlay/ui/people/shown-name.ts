/**
 * Names that other people chose, made fit to be drawn: one line, no control or invisible formatting characters, never
 * empty. Its direction is isolated where it is drawn: by `<bdi>`, and in sentences by `isolated`.
 */

/** Control and format characters, line ends, and fillers that look like nothing. Joiners stay: scripts need them. */
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u115f\u1160\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]+/gu;
/** More combining marks on one letter than any script has: they would climb over the lines beside. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;

/** The name as one line; `fallback` where nothing of it is to be seen. */
export function shownName(name: string, fallback = 'No name'): string {
  const clean = name.replace(unseen, ' ').replace(stackedMarks, '$1').replace(/\s+/gu, ' ').trim();
  return /[^\s\p{M}\u200c\u200d]/u.test(clean) ? clean : fallback;
}

/**
 * A shown name for the middle of a sentence: first-strong isolate and its end around it (Unicode UAX #9), so that its
 * direction does not turn the sentence.
 */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

/** The first digits of a peer id, for somebody without a name. */
export function shortPeer(peer: string): string {
  return peer.slice(0, 8);
}
