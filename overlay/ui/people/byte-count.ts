/**
 * Texts whose bound is in UTF-8 bytes (a name, a note): how long they are, and cut so that no letter is broken.
 */

const encoder = new TextEncoder();

export function byteCount(text: string): number {
  return encoder.encode(text).length;
}

/** The longest beginning of `text` of whole letters (as the reader sees them) that has at most `limitBytes`. */
export function cutToBytes(text: string, limitBytes: number): string {
  if (byteCount(text) <= limitBytes) return text;
  let cut = '';
  let left = limitBytes;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    left -= byteCount(segment);
    if (left < 0) break;
    cut += segment;
  }
  return cut;
}
