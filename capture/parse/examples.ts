/** A profile against its own examples: what its grammar makes of each line, and where that is not what it says. */
import { Grammar } from './grammar.ts';
import type { ParsedLine } from './grammar.ts';
import type { Profile, ProfileExample } from './profile-schema.ts';

export interface ExampleCheck {
  readonly line: string;
  readonly parsed: ParsedLine;
  /** The lobby that the line opens: null where it names none, undefined where it opens none. */
  readonly lobby: string | null | undefined;
  /** `Expected X for speaker but received Y`, without a full stop; none where the example is as it says. */
  readonly differences: readonly string[];
}

/** In the order of the profile. */
export function checkExamples(profile: Profile): readonly ExampleCheck[] {
  const grammar = new Grammar(profile);
  return profile.examples.map((example) => {
    const parsed = grammar.parse(example.line, example.colours ?? []);
    const lobby = grammar.lobbyOf(example.line);
    return { line: example.line, parsed, lobby, differences: differencesOf(example, parsed, lobby) };
  });
}

function differencesOf(example: ProfileExample, parsed: ParsedLine, lobby: string | null | undefined): string[] {
  const { presence } = parsed;
  const pairs: readonly (readonly [name: string, expected: unknown, received: unknown])[] = [
    ['speaker', example.speaker, parsed.speaker],
    ['channel', example.channel, parsed.channel],
    ['text', example.text, parsed.text],
    ['own', example.own ?? false, parsed.own],
    ['joins', example.joins, presence?.kind === 'joins' ? presence.who : undefined],
    ['leaves', example.leaves, presence?.kind === 'leaves' ? presence.who : undefined],
    ['lobby', example.lobby, lobby],
  ];
  return pairs.flatMap(([name, expected, received]) =>
    expected === received ? [] : [`Expected ${shown(expected)} for ${name} but received ${shown(received)}`],
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
