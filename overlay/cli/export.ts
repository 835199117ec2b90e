/** `lobbykeep export [QUERY]`: writes exactly the lines that match, oldest first, in one of four formats. */
import { open, rename, rm } from 'node:fs/promises';
import type { ExportFormat, Log } from '../../storage/index.ts';
import { exitCodes } from './command.ts';
import type { Command, CommandIo, ExitCode } from './command.ts';
import { logOptions, withLog } from './data-folder.ts';
import { queryHelp } from './search.ts';

const formats: ReadonlyMap<string, ExportFormat> = new Map([
  ['text', 'text'],
  ['jsonl', 'jsonl'],
  ['csv', 'csv'],
  ['html', 'html'],
]);
/** Pieces are gathered to about this many characters a write. */
const blockLength = 64 * 1024;

function* blocks(pieces: Iterable<string>): Generator<string> {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < blockLength) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

/** Writes beside `path` and renames, so that a full disk leaves no half export under the name asked for. */
async function writeFile(path: string, pieces: Iterable<string>): Promise<void> {
  const temporary = `${path}.part`;
  const file = await open(temporary, 'w', 0o600);
  try {
    for (const block of blocks(pieces)) await file.writeFile(block);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await file.close();
  await rename(temporary, path);
}

async function write(log: Log, query: string, format: ExportFormat, out: string, io: CommandIo): Promise<ExitCode> {
  const found = log.search(query, { limit: 1 });
  const pieces = log.export(query, format);
  if (!found.ok || !pieces.ok) {
    const message = found.ok ? (pieces.ok ? '' : pieces.error.message) : found.error.message;
    await io.stderr.write(`${message}\n`);
    return exitCodes.usage;
  }
  if (found.value.total === 0) {
    await io.stderr.write('No line matched; nothing was written.\n');
    return exitCodes.nothing;
  }
  if (out === '-') {
    for (const block of blocks(pieces.value)) if (!(await io.stdout.write(block))) break;
    return exitCodes.fine;
  }
  try {
    await writeFile(out, pieces.value);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    await io.stderr.write(`The export could not be written to ${out} (${String(error.code)}). The log is untouched.\n`);
    return exitCodes.input;
  }
  await io.stderr.write(`${found.value.total} lines written to ${out}.\n`);
  return exitCodes.fine;
}

export const exportCommand: Command = {
  name: 'export',
  summary: 'write the lines that match a query (default: all), oldest first',
  positionals: '[QUERY...]',
  details: queryHelp,
  options: {
    ...logOptions,
    format: { value: 'text|jsonl|csv|html', help: 'the format (default: text; --json is short for jsonl)' },
    out: { value: 'FILE', help: 'where to write; - is standard output (default: -)' },
  },
  async run(args, io) {
    const name = args.text('format') ?? (args.flag('json') ? 'jsonl' : 'text');
    const format = formats.get(name);
    if (format === undefined) {
      await io.stderr.write(`Expected text, jsonl, csv or html for --format but received "${name}".\n`);
      return exitCodes.usage;
    }
    return withLog(args, io, (log) => write(log, args.positionals.join(' '), format, args.text('out') ?? '-', io));
  },
};
