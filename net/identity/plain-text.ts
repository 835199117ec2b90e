/**
 * Names, notes and labels as they may be shown and stored: printable text in one line. What a stranger sends must not
 * break lines, turn the direction of writing around, hide characters or pile up marks over its neighbours.
 * Source: Unicode Standard Annex 15 (NFC); Unicode Technical Report 36, section 2 (visual security).
 */

export const NAME_BYTES_LIMIT = 64;
export const NOTE_BYTES_LIMIT = 400;

/** No text is looked at beyond this many UTF-16 units; ten times the longest note. */
const unitsLimit = 4_096;
/** What draws nothing, has no meaning or turns the direction of writing around; not those of `unseen`. */
const invisible =
  /(?!\u{200c}|\u{200d}|\u{fe0e}|\u{fe0f})[\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
/** Joiners, and the choice between text and picture: Persian, the scripts of India and emoji are spelled with them. */
const unseen = /\u{200c}|\u{200d}|\u{fe0e}|\u{fe0f}/gu;
/** Control characters, all kinds of spaces and line ends, and the Braille cell without a dot. */
const white = /[\p{Cc}\p{Z}\u2800]+/gu;
/** More than four marks on one letter reach into the lines above and below; no writing needs them. */
const pile = /(\p{M}{4})\p{M}+/gu;

const encoder = new TextEncoder();

/** Bytes of `text` in UTF-8. */
export function countUtf8(text: string): number {
  return encoder.encode(text).length;
}

/**
 * `text` in NFC without what must not be shown, white space made single blanks and trimmed, cut between two characters
 * to at most `limitBytes` bytes of UTF-8. Applying it again changes nothing. May be empty.
 */
export function toPlainText(text: string, limitBytes: number): string {
  let plain = text.slice(0, unitsLimit);
  // Taking something out may bring together what composes anew or makes another pile; each round only shortens.
  for (let before = ''; before !== plain;) {
    before = plain;
    plain = cut(tidy(plain), limitBytes);
  }
  return plain;
}

function tidy(text: string): string {
  const shown = text.replaceAll(invisible, '').replaceAll(white, ' ').replaceAll(pile, '$1').trim();
  return shown.replaceAll(unseen, '').trim() === '' ? '' : shown.normalize('NFC');
}

function cut(text: string, limitBytes: number): string {
  if (countUtf8(text) <= limitBytes) return text;
  let sizeBytes = 0;
  let kept = '';
  for (const character of text) {
    sizeBytes += countUtf8(character);
    if (sizeBytes > limitBytes) break;
    kept += character;
  }
  return kept;
}

/** What two names have in common that people take for the same: case, width, unseen and blanks do not count. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(unseen, '').replaceAll(/\s+/gu, '').normalize('NFKC');
}
