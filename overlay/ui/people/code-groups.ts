/**
 * A code as it is written for the eye: groups of seven characters. Whether a group is right is the engine's to say
 * (`people.check-code`); here it is only cut and marked. Layout of a code: `spec/PROTOCOL.md`, The code.
 */

export const groupChars = 7;
export const groupCount = 12;

export interface CodeGroup {
  /** Place in the code, 0 to 11; more where too much was typed. */
  readonly place: number;
  readonly text: string;
  readonly state: 'whole' | 'unfinished' | 'wrong' | 'surplus';
}

/** A code as typed, without what does not count: blanks and hyphens; upper case. */
export function bareCode(typed: string): string {
  return typed.replace(/[\s-]+/gu, '').toUpperCase();
}

/** The groups of a code as typed; `wrong`: places that cannot be right. */
export function codeGroups(typed: string, wrong: readonly number[]): readonly CodeGroup[] {
  const bare = bareCode(typed);
  const groups: CodeGroup[] = [];
  for (let at = 0; at < bare.length; at += groupChars) {
    const place = at / groupChars;
    const text = bare.slice(at, at + groupChars);
    const whole = text.length === groupChars;
    const state = wrong.includes(place) ? 'wrong' : whole ? 'whole' : 'unfinished';
    groups.push({ place, text, state: place >= groupCount ? 'surplus' : state });
  }
  return groups;
}

/** `group 3`, `groups 3 and 7`, `groups 1, 3 and 7`; places count from 0. */
export function groupsText(places: readonly number[]): string {
  const numbers = places.map((place) => String(place + 1));
  const last = numbers.at(-1);
  if (last === undefined) return '';
  return numbers.length === 1 ? `group ${last}` : `groups ${numbers.slice(0, -1).join(', ')} and ${last}`;
}
