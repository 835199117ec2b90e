/** Channels by colour: where a game marks its channels by nothing else, the colours of a line tell which it is. */
import type { ColourRule } from './profile-schema.ts';

/** A colour whose channels differ by less is grey, and its hue is noise. */
const LEAST_CHROMA = 40;

/**
 * The channel of the first rule that fits; null where none does.
 * @param colours of the line by run, left to right, `#rrggbb`, as `image/colours.ts` measures them.
 */
export function channelOfColours(rules: readonly ColourRule[], colours: readonly string[]): string | null {
  const measured = colours.map(parseColour);
  return rules.find((rule) => runsOf(rule, measured).some((colour) => fits(rule, colour)))?.channel ?? null;
}

type Rgb = readonly [red: number, green: number, blue: number];

function runsOf({ run }: ColourRule, colours: readonly Rgb[]): readonly Rgb[] {
  switch (run) {
    case 'first':
      return colours.slice(0, 1);
    case 'last':
      return colours.slice(-1);
    case 'any':
      return colours;
  }
}

function fits({ near, within, hue }: ColourRule, colour: Rgb): boolean {
  if (near !== undefined) {
    const wanted = parseColour(near);
    return colour.every((value, at) => Math.abs(value - (wanted[at] ?? 0)) <= within);
  }
  if (hue === undefined) return false;
  const degrees = hueOf(colour);
  if (degrees === null) return false;
  const [from, to] = hue;
  return from <= to ? from <= degrees && degrees <= to : degrees >= from || degrees <= to;
}

/** 0 to 360 degrees (red 0, green 120, blue 240); null for greys. */
function hueOf([red, green, blue]: Rgb): number | null {
  const most = Math.max(red, green, blue);
  const chroma = most - Math.min(red, green, blue);
  if (chroma < LEAST_CHROMA) return null;
  let sixth = (red - green) / chroma + 4;
  if (most === red) sixth = ((green - blue) / chroma + 6) % 6;
  else if (most === green) sixth = (blue - red) / chroma + 2;
  return sixth * 60;
}

function parseColour(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
