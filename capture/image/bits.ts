/** Bits in words of 32: what is set in two pictures at once is told by a few machine instructions. */

export const WORD_PX = 32;

/** Bits that are set in a word. */
export function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The bits of a word that stand for columns from `left` to before `right`; the lowest is the leftmost column. */
export function maskOf(word: number, left: number, right: number): number {
  const from = Math.max(0, left - word * WORD_PX);
  const to = Math.min(WORD_PX, right - word * WORD_PX);
  if (from >= to) return 0;
  const low = to === WORD_PX ? -1 : (1 << to) - 1;
  return low & ~((1 << from) - 1);
}
