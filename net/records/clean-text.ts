/**
 * What a peer may put into a name or a message. Names stand in lists beside other people's: nothing in them may turn
 * the direction of the text around them, hide, or stack marks over its neighbours. Source: Unicode 15, sections 23.1,
 * 23.2 and 23.8; https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
import { NAME_BYTES } from './bounds.ts';

/**
 * Controls, direction marks and overrides, zero-width ones (joiners stay: emoji and scripts need them), tags,
 * noncharacters.
 */
const hidden =
  // eslint-disable-next-line no-control-regex -- controls are what is taken out
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;
/** In a message, which stands in a line of its own, direction marks may stay, as may line feeds and tabs. */
// eslint-disable-next-line no-control-regex -- controls are what is taken out
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufff9-\ufffb]/gu;
/** More marks than any script puts on one letter. */
const stackedMarks = /(\p{M}{4})\p{M}+/gu;
const lonelyHalf = /\p{Surrogate}/gu;
/** What most messages are: nothing in it to look at more closely. */
const plainAscii = /^[\t\n\u0020-\u007e]*$/;

/**
 * `raw` as a name: NFC, hidden characters gone, blanks single, at most 64 bytes of UTF-8 (cut between characters).
 * May be empty. Cleaning what is clean changes nothing.
 */
export function cleanName(raw: string): string {
  const text = raw
    .replace(/[\t-\r\u0085\u2028\u2029\p{Zs}]/gu, ' ')
    .replace(hidden, '')
    .replace(lonelyHalf, '\uFFFD')
    .normalize('NFC')
    .replace(stackedMarks, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  return cut(text, NAME_BYTES).trimEnd();
}

/** `raw` as the text of a message: line feeds and tabs stay, other controls go, lonely surrogates become U+FFFD. */
export function cleanMessage(raw: string): string {
  if (plainAscii.test(raw)) return raw;
  return raw.replace(/\r\n?/g, '\n').replace(control, '').replace(lonelyHalf, '\uFFFD');
}

function cut(text: string, sizeBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > sizeBytes) break;
    kept += character;
  }
  return kept;
}
