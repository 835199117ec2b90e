/**
 * Twins: characters that a font draws with the same pixels. Its letters do not tell which of them a line holds; how it was
 * read before may. So may it tell of an accent, a few pixels that the font may have taken for scene.
 */
import type { EngineReading } from './ocr/engine.ts';

/** Less than one character of another shape costs, by the logarithm. */
const SAME_SHAPES = 1;
const MOST_CHARACTERS = 400;

/** The text of a reading, with the characters of `told` where they are drawn with the same pixels, or have an accent more. */
export function withTwinsOf({ text, evidence }: EngineReading, told: string): string {
  const own = Array.from(text);
  const other = Array.from(told);
  if (evidence === undefined || own.length > MOST_CHARACTERS || other.length > MOST_CHARACTERS) return text;
  const asRead = evidence.logLikelihood(text);
  let best = own;
  for (const [at, letter] of alignedTo(own, other).entries()) {
    if (letter === null || letter === own[at]) continue;
    const isAccented = letter.normalize('NFD').startsWith(own[at] ?? ' ');
    if (isAccented || evidence.logLikelihood(own.with(at, letter).join('')) > asRead - SAME_SHAPES)
      best = best.with(at, letter);
  }
  return best.join('');
}

/** Of each character the one that stands for it in another text, by the fewest edits; null where none does. */
function alignedTo(own: readonly string[], other: readonly string[]): readonly (string | null)[] {
  const wide = other.length + 1;
  const edits = new Uint16Array((own.length + 1) * wide);
  for (let i = 0; i <= own.length; i++)
    for (let j = 0; j <= other.length; j++) {
      const at = i * wide + j;
      if (i === 0 || j === 0) edits[at] = i + j;
      else {
        const replaced = (edits[at - wide - 1] ?? 0) + (own[i - 1] === other[j - 1] ? 0 : 1);
        edits[at] = Math.min(replaced, (edits[at - wide] ?? 0) + 1, (edits[at - 1] ?? 0) + 1);
      }
    }
  const aligned: (string | null)[] = own.map(() => null);
  let [i, j] = [own.length, other.length];
  while (i > 0 && j > 0) {
    const at = i * wide + j;
    const isSame = own[i - 1] === other[j - 1];
    if (edits[at] === (edits[at - wide - 1] ?? 0) + (isSame ? 0 : 1)) {
      aligned[i - 1] = other[j - 1] ?? null;
      i--;
      j--;
    } else if (edits[at] === (edits[at - wide] ?? 0) + 1) i--;
    else j--;
  }
  return aligned;
}
