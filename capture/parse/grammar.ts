/**
 * Grammar: from the text of a whole line to its stamp, speaker, channel and text, as a profile describes them. Forms
 * are tried in the profile's order; a line that fits none is kept whole, without a speaker.
 */
import type { Presence } from '../events.ts';
import { channelOfColours } from './colour-channel.ts';
import { MAX_LINE_CHARS } from './pattern-cost.ts';
import { ignoreLostSpaces, loosen } from './pattern-tolerance.ts';
import type { Profile } from './profile-schema.ts';

/** A line taken apart. */
export interface ParsedLine {
  readonly speaker: string | null;
  readonly text: string;
  readonly channel: string;
  /** Whether a form of the profile matched, or a stamp stood before it: such a line begins a message. */
  readonly structured: boolean;
  /** Whether the game draws only what the user said in this form. */
  readonly own: boolean;
  /** Who came or went; null where the line does not tell. */
  readonly presence: Presence | null;
}

type ProfileForm = Profile['lines'][number];

/** A pattern, and the same as it looks misread; that is null where it fixes nothing by which it could be known. */
interface Matcher {
  readonly exact: RegExp;
  readonly loose: RegExp | null;
}

/** Marks that may stand around one name. */
const MAX_DECORATIONS = 4;
/** No line of a game has them; a dot does not match them. */
const lineBreak = /[\n\r\u2028\u2029]/u;

export class Grammar {
  readonly #stamp: RegExp | null;
  readonly #forms: readonly (Matcher & { readonly form: ProfileForm })[];
  readonly #lobby: readonly Matcher[];
  readonly #decorations: readonly RegExp[];
  readonly #colours: Profile['colours'];
  readonly #otherwise: string;

  constructor(profile: Profile) {
    const { stamp, lines, lobby, decorations, colours, otherwise } = profile;
    this.#stamp = stamp === undefined ? null : new RegExp(stamp, 'u');
    this.#forms = lines.flatMap((form) => matchersOf(form.pattern).map(({ exact, loose }) => ({ exact, loose, form })));
    this.#lobby = lobby.flatMap(({ pattern }) => matchersOf(pattern));
    this.#decorations = [
      ...decorations.before.map((source) => new RegExp(`^(?:${source})\\s*`, 'u')),
      ...decorations.after.map((source) => new RegExp(`\\s*(?:${source})$`, 'u')),
    ];
    this.#colours = colours;
    this.#otherwise = otherwise;
  }

  /** `colours`: of the line by run, left to right, where they are known; they tell the channel alone. */
  parse(line: string, colours: readonly string[] = []): ParsedLine {
    const byColour = channelOfColours(this.#colours, colours);
    const other = { speaker: null, text: line, channel: byColour ?? this.#otherwise, own: false, presence: null };
    if (isUnfit(line)) return { ...other, structured: false };
    const stamp = this.#stamp?.exec(line)?.[0] ?? '';
    const rest = line.slice(stamp.length);
    const found = this.#formOf(rest);
    if (found === null) return { ...other, text: rest, structured: stamp !== '' };
    const { form, groups } = found;
    const speaker = this.#nameIn(groups['speaker']);
    const who = this.#nameIn(groups['who']);
    return {
      speaker,
      text: groups['text'] ?? rest,
      channel: (form.byColour === true ? byColour : null) ?? form.channel,
      structured: true,
      own: form.own === true,
      presence: form.event === undefined || who === null ? null : { kind: form.event, who },
    };
  }

  /** The name of the lobby that this line opens: null where it names none, undefined where it opens none. */
  lobbyOf(line: string): string | null | undefined {
    if (isUnfit(line)) return undefined;
    const stamp = this.#stamp?.exec(line)?.[0] ?? '';
    const groups = firstMatch(this.#lobby, line.slice(stamp.length))?.groups;
    return groups === undefined ? undefined : (groups['lobby']?.trim() ?? null);
  }

  #formOf(text: string): { readonly form: ProfileForm; readonly groups: Groups } | null {
    const found = firstMatch(this.#forms, text);
    const form = found === null ? undefined : this.#forms[found.at]?.form;
    return found === null || form === undefined ? null : { form, groups: found.groups };
  }

  /** A name without what stands around it; null where nothing is left of it. */
  #nameIn(drawn: string | undefined): string | null {
    let name = drawn?.trim() ?? '';
    for (let count = 0; count < MAX_DECORATIONS; count += 1) {
      const bare = this.#decorations.reduce((left, mark) => left.replace(mark, '') || left, name).trim();
      if (bare === name) break;
      name = bare;
    }
    return name === '' ? null : name;
  }
}

type Groups = Readonly<Record<string, string | undefined>>;

/**
 * The first matcher that fits. One that fixes nothing (`name: text`) fits almost everything, also a line whose mark was
 * misread: those before it get a second look at it.
 */
function firstMatch(
  matchers: readonly Matcher[],
  text: string,
): { readonly at: number; readonly groups: Groups } | null {
  let exactAt = matchers.length;
  let exact: RegExpExecArray | null = null;
  for (const [at, matcher] of matchers.entries()) {
    exact = matcher.exact.exec(text);
    if (exact === null) continue;
    if (matcher.loose !== null) return { at, groups: exact.groups ?? {} };
    exactAt = at;
    break;
  }
  for (const [at, { loose }] of matchers.slice(0, exactAt).entries()) {
    const match = loose?.exec(text) ?? null;
    if (match !== null) return { at, groups: match.groups ?? {} };
  }
  return exact === null ? null : { at: exactAt, groups: exact.groups ?? {} };
}

function matchersOf(pattern: string | readonly string[]): Matcher[] {
  return [pattern].flat().map((source) => {
    const loose = loosen(source);
    return { exact: new RegExp(ignoreLostSpaces(source), 'u'), loose: loose === null ? null : new RegExp(loose, 'u') };
  });
}

function isUnfit(line: string): boolean {
  return line.length > MAX_LINE_CHARS || lineBreak.test(line);
}
