/** `lobbykeep search QUERY`: prints the lines that match, newest first. */
import { formatTextLine, printable, toJsonLine } from '../../storage/index.ts';
import type { Log, LogLine } from '../../storage/index.ts';
import { exitCodes } from './command.ts';
import type { Command, CommandIo, ExitCode } from './command.ts';
import { logOptions, withLog } from './data-folder.ts';

/** The query language, for `--help`. */
export const queryHelp = `A query is a list of things that must all hold:
  word  "some words"  pre*            in the line; case and accents do not matter, and a misread
                                      0 for O, 1 for l or I, 5 for S, rn for m is forgiven
  from:NAME  in:NAME                  the speaker; the game or the lobby
  game:NAME  lobby:NAME  channel:NAME
  before:WHEN  after:WHEN             2026, 2026-05, 2026-05-31, 2026-05-31T20:15, or 2h, 3d, 1w ago
  has:picture  has:revision  has:link
  -anything                           must not hold
Names of two words take quotes: from:"Two Words".`;

const limitDefault = 100;
const pageLines = 500;

/** `--limit` as a count; null where it is none. */
function parseLimit(text: string | null): number | null {
  if (text === null) return limitDefault;
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function formatLine(line: LogLine, json: boolean): string {
  if (json) return `${JSON.stringify(toJsonLine(line))}\n`;
  const place = line.lobby === null ? line.game : `${line.game} – ${line.lobby}`;
  return `${formatTextLine(line)}  (${printable(place)})\n`;
}

async function print(log: Log, query: string, limit: number, json: boolean, io: CommandIo): Promise<ExitCode> {
  let left = limit;
  let cursor: string | null = null;
  do {
    const page = log.search(query, { limit: Math.min(left, pageLines), ...(cursor === null ? {} : { cursor }) });
    if (!page.ok) {
      await io.stderr.write(`${page.error.message}\n`);
      return exitCodes.usage;
    }
    const { lines, total, next } = page.value;
    if (total === 0) {
      await io.stderr.write('No line matched.\n');
      return exitCodes.nothing;
    }
    if (!(await io.stdout.write(lines.map((line) => formatLine(line, json)).join('')))) return exitCodes.fine;
    left -= lines.length;
    cursor = next;
    if (left === 0 && next !== null) await io.stderr.write(`${total} lines match; --limit shows more than ${limit}.\n`);
  } while (left > 0 && cursor !== null);
  return exitCodes.fine;
}

export const searchCommand: Command = {
  name: 'search',
  summary: 'print the lines that match a query, newest first',
  positionals: 'QUERY...',
  details: queryHelp,
  options: { ...logOptions, limit: { value: 'COUNT', help: `lines to print at most (default: ${limitDefault})` } },
  async run(args, io) {
    const limit = parseLimit(args.text('limit'));
    if (limit === null) {
      await io.stderr.write('Expected a whole number above 0 for --limit.\n');
      return exitCodes.usage;
    }
    return withLog(args, io, (log) => print(log, args.positionals.join(' '), limit, args.flag('json'), io));
  },
};
