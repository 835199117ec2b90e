/**
 * What a search compares: folded text (compatibility forms, diacritics and case gone), its tokens, and the look-alike
 * fold in which characters that OCR confuses are one. Tokens are made here, for lines and queries alike, and given to
 * FTS4's `simple` tokenizer joined by spaces, which takes them as they are: its `unicode61` follows Unicode 6.1 and
 * would split what this file calls one token.
 */

/** Scripts written without spaces: each character is a token, and a word is a phrase of them. */
const unspaced = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}`;
const tokenPattern = new RegExp(String.raw`[${unspaced}]|(?:(?![${unspaced}])[\p{L}\p{N}])+`, 'gu');
const asciiTokenPattern = /[a-z0-9]+/g;
// eslint-disable-next-line no-control-regex -- the range is the whole of ASCII
const asciiPattern = /^[\u0000-\u007f]*$/;

const quotes: Readonly<Record<string, string>> = { '‘': "'", '’': "'", '“': '"', '”': '"', '–': '-', '—': '-' };

/** Folded text: NFKC without combining diacritics (U+0300 to U+036F), lower case, straight quotes and dashes. */
export function foldText(text: string): string {
  if (asciiPattern.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[‘’“”–—]/g, (mark) => quotes[mark] ?? mark);
}

/** Folded text with look-alikes made one: 0 o, 1 i l |, 5 s, rn m. */
export function foldAlike(folded: string): string {
  return folded.replaceAll('0', 'o').replaceAll(/[1i|]/g, 'l').replaceAll('5', 's').replaceAll('rn', 'm');
}

/** Runs of letters and digits of folded text; single characters in scripts without spaces. */
export function tokenize(folded: string): readonly string[] {
  return folded.match(asciiPattern.test(folded) ? asciiTokenPattern : tokenPattern) ?? [];
}

const linkPattern =
  /https?:\/\/\S|\bwww\.\S|\b[a-z0-9-]+\.(?:com|net|org|gg|io|tv|me|ly|be|de|fr|es|uk|eu|ru|cn|info|xyz|dev|app)\b/i;

/** Whether a line names a web address. OCR may glue `https://` to the word before it. */
export function hasLink(line: string): boolean {
  return linkPattern.test(line);
}
