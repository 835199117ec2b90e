/** `profile check`: whether a game profile is sound, what it makes of its examples, and of lines that one tries. */
import { basename } from 'node:path';
import { checkExamples, Grammar, loadProfile } from '../../capture/index.ts';
import type { ExampleCheck, ParsedLine, Profile } from '../../capture/index.ts';
import { printable } from '../../storage/index.ts';
import { profileFolders } from './asset-folders.ts';
import { exitCodes } from './command.ts';
import type { Command, CommandArgs, CommandIo, ExitCode } from './command.ts';

async function check(args: CommandArgs, io: CommandIo): Promise<ExitCode> {
  const [verb, name, ...lines] = args.positionals;
  if (verb !== 'check' || name === undefined) {
    await io.stderr.write('Expected check and a profile. lobbykeep profile --help tells more.\n');
    return exitCodes.usage;
  }
  const loaded = await loadProfile(name, profileFolders(args, io));
  if (!loaded.ok) {
    await io.stderr.write(`${loaded.error.message}\n`);
    return exitCodes.input;
  }
  const profile = loaded.value;
  const examples = checkExamples(profile);
  for (const example of examples) await io.stdout.write(exampleRow(example));
  const grammar = new Grammar(profile);
  for (const line of lines) await io.stdout.write(row('     ', line, grammar.parse(line), grammar.lobbyOf(line)));
  const wrong = examples.filter(({ differences }) => differences.length > 0).length;
  await io.stdout.write(`${summaryOf(profile, examples.length, wrong)}\n`);
  const isMisnamed = name.endsWith('.json') && basename(name, '.json') !== profile.name;
  if (isMisnamed) await io.stdout.write(`Its file must be called ${profile.name}.json to be found.\n`);
  return wrong === 0 && !isMisnamed ? exitCodes.fine : exitCodes.nothing;
}

function exampleRow({ line, parsed, lobby, differences }: ExampleCheck): string {
  const faults = differences.map((difference) => `      ${printable(difference)}.\n`).join('');
  return row(differences.length === 0 ? 'ok   ' : 'WRONG', line, parsed, lobby) + faults;
}

function row(mark: string, line: string, parsed: ParsedLine, lobby: string | null | undefined): string {
  const { channel, speaker, text, own, presence } = parsed;
  const who = own ? 'you' : (speaker ?? '-');
  const presences = presence === null ? '' : `  ${presence.who} ${presence.kind}`;
  const lobbies = lobby === undefined ? '' : `  opens ${lobby ?? 'a lobby without a name'}`;
  const parts = `${channel.padEnd(8)} ${who.padEnd(16)} ${text}${presences}${lobbies}`;
  return `${mark} ${printable(line)}\n      ${printable(parts)}\n`;
}

function summaryOf(profile: Profile, count: number, wrong: number): string {
  const forms = `Profile ${profile.name} (${printable(profile.title)}) has ${profile.lines.length} forms of a line`;
  if (count === 0) return `${forms} and no examples: give it some, so that it can be checked.`;
  if (wrong === 0) return `${forms}, and its ${count} examples are as they say.`;
  return `${forms}; ${wrong} of its ${count} examples ${wrong === 1 ? 'is' : 'are'} not as they say.`;
}

export const profileCommand: Command = {
  name: 'profile',
  summary: 'check a game profile and its examples',
  positionals: 'check FILE|NAME [LINE...]',
  details: `FILE is the path of a .json file, NAME that of a profile of the data folder (profiles/NAME.json) or a shipped one. Prints
what the profile makes of its examples and of each LINE: channel, speaker, text, who comes or goes, the lobby that it
opens. Exit code 1: an example is not as it says, or the file is not called as the profile is. assets/profiles/README.md tells how to write a profile.`,
  options: { data: { value: 'FOLDER', help: 'the data folder (default: the one that Lobbykeep itself uses)' } },
  run: check,
};
