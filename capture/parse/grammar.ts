/**
 * Grammar: from the text of a whole line to its stamp, speaker, channel and text, as a profile describes them. Forms
 * are tried in the profile's order; a line that fits none is kept whole, without a speaker.
 */
import type { Profile } from './profile.ts';

/** A line taken apart. */
export interface ParsedLine {
  readonly speaker: string | null;
  readonly text: string;
  readonly channel: string;
  /** Whether a form of the profile matched, or a stamp stood before it: such a line begins a message. */
  readonly structured: boolean;
}

/** Longer lines are not taken apart: no chat has them, and patterns may be slow on them. */
const MAX_LINE_CHARS = 1000;

export class Grammar {
  readonly #stamp: RegExp | null;
  readonly #forms: readonly { readonly pattern: RegExp; readonly channel: string }[];
  readonly #lobby: readonly RegExp[];
  readonly #otherwise: string;

  constructor(profile: Profile) {
    this.#stamp = profile.stamp === undefined ? null : new RegExp(profile.stamp, 'u');
    this.#forms = profile.lines.map((form) => ({ pattern: new RegExp(form.pattern, 'u'), channel: form.channel }));
    this.#lobby = profile.lobby.map((mark) => new RegExp(mark.pattern, 'u'));
    this.#otherwise = profile.otherwise;
  }

  parse(line: string): ParsedLine {
    const other = { speaker: null, text: line, channel: this.#otherwise, structured: false };
    if (line.length > MAX_LINE_CHARS) return other;
    const stamp = this.#stamp?.exec(line)?.[0] ?? '';
    const rest = line.slice(stamp.length);
    for (const form of this.#forms) {
      const match = form.pattern.exec(rest);
      if (match === null) continue;
      const speaker = match.groups?.['speaker']?.trim() ?? null;
      const text = match.groups?.['text'] ?? rest;
      return { speaker: speaker === '' ? null : speaker, text, channel: form.channel, structured: true };
    }
    return { ...other, text: rest, structured: stamp !== '' };
  }

  /** The name of the lobby that this line opens: null where it names none, undefined where it opens none. */
  lobbyOf(line: string): string | null | undefined {
    if (line.length > MAX_LINE_CHARS) return undefined;
    for (const mark of this.#lobby) {
      const match = mark.exec(line);
      if (match !== null) return match.groups?.['lobby']?.trim() ?? null;
    }
    return undefined;
  }
}
