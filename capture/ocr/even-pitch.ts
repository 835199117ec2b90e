/**
 * Even pitch: in a font whose letters are all as far apart, how far two letters stand apart tells whether there is a space
 * between them. The network reads some where a bracket or a hyphen only leaves much room.
 */

/** A character with its middle, px. */
interface Placed {
  readonly text: string;
  readonly x: number;
}

/** Pairs of letters that tell the pitch. */
const LEAST_PAIRS = 6;
/** In a font of even pitch so many of the pairs, and all spaces, keep to it but for a share of it. */
const EVEN_SHARE = 0.9;
const EVEN = 0.25;

/** Distance of two letters, px; null where letters are not all as far apart. */
function pitchOf(characters: readonly Placed[]): number | null {
  const distances = characters.flatMap(({ text, x }, at) => {
    const before = characters[at - 1];
    return before === undefined || before.text === ' ' || text === ' ' ? [] : [x - before.x];
  });
  if (distances.length < LEAST_PAIRS) return null;
  const median = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
  const even = distances.filter((distance) => isNear(distance / median, 1)).length;
  return even >= distances.length * EVEN_SHARE ? median : null;
}

/** The characters without spaces for which there is no room. */
export function withRoomForSpaces<T extends Placed>(characters: readonly T[]): readonly T[] {
  const pitch = pitchOf(characters);
  if (pitch === null) return characters;
  const rooms = characters.map(({ text }, at) => {
    const [before, after] = [characters[at - 1], characters[at + 1]];
    return text !== ' ' || before === undefined || after === undefined ? null : (after.x - before.x) / pitch;
  });
  // Spaces between letters that are as wide by chance are narrower than a letter.
  const isEven = rooms.every((room) => room === null || isNear(room, 1) || isNear(room, 2));
  const isSpaced = rooms.some((room) => room !== null && isNear(room, 2));
  if (!isEven || !isSpaced) return characters;
  return characters.filter((_, at) => rooms[at] === null || !isNear(rooms[at] ?? 0, 1));
}

function isNear(value: number, to: number): boolean {
  return Math.abs(value - to) <= EVEN;
}
