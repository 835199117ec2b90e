/** `lobbykeep sessions`, `verify` and `stats`: what a log holds, and whether all of it can still be read. */
import { printable } from '../../storage/index.ts';
import type { LogStats, SessionSummary, UnixMs, VerifyReport } from '../../storage/index.ts';
import { exitCodes } from './command.ts';
import type { Command } from './command.ts';
import { logOptions, withLog } from './data-folder.ts';

const two = (value: number) => String(value).padStart(2, '0');

function formatTime(atMs: UnixMs | null): string {
  if (atMs === null) return '-';
  const at = new Date(atMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function formatSession(session: SessionSummary): string {
  const place = session.lobby === null ? session.game : `${session.game} – ${session.lobby}`;
  const until = session.toMs === null ? 'open' : formatTime(session.toMs);
  return `${formatTime(session.fromMs)}  ${until.padEnd(16)}  ${String(session.lines).padStart(6)}  ${printable(place)}\n`;
}

export const sessionsCommand: Command = {
  name: 'sessions',
  summary: 'list the stays in lobbies, oldest first',
  positionals: '',
  details: '',
  options: logOptions,
  run: (args, io) =>
    withLog(args, io, async (log) => {
      const sessions = log.sessions();
      if (args.flag('json')) {
        await io.stdout.write(sessions.map((session) => `${JSON.stringify(session)}\n`).join(''));
      } else if (sessions.length > 0) {
        const head = `${'from'.padEnd(16)}  ${'to'.padEnd(16)}   lines  game – lobby\n`;
        await io.stdout.write(head + sessions.map(formatSession).join(''));
      }
      if (sessions.length > 0) return exitCodes.fine;
      await io.stderr.write('The log holds no session yet.\n');
      return exitCodes.nothing;
    }),
};

function formatReport(report: VerifyReport): string {
  const torn = report.tornBytes === 0 ? '' : ` A torn end of ${report.tornBytes} bytes does not count.`;
  const counts = `${report.records} records, ${report.lines} lines.${torn}\n`;
  if (report.ok) return `The log is whole: ${counts}`;
  return `The log is damaged: ${counts}${report.problems.map((problem) => `- ${problem}\n`).join('')}`;
}

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'read every record again and say what is damaged',
  positionals: '',
  details: 'Changes nothing. Exit code 1: damage was found.',
  options: logOptions,
  run: (args, io) =>
    withLog(args, io, async (log) => {
      const report = await log.verify();
      await io.stdout.write(args.flag('json') ? `${JSON.stringify(report)}\n` : formatReport(report));
      return report.ok ? exitCodes.fine : exitCodes.nothing;
    }),
};

function formatStats(stats: LogStats): string {
  const rows = [
    ['lines', String(stats.lines)],
    ['sessions', String(stats.sessions)],
    ['games', String(stats.games)],
    ['revisions', String(stats.revisions)],
    ['first line', formatTime(stats.firstMs)],
    ['last line', formatTime(stats.lastMs)],
    ['journal', `${(stats.journalBytes / 1024 / 1024).toFixed(1)} MiB`],
  ] as const;
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}\n`).join('');
}

export const statsCommand: Command = {
  name: 'stats',
  summary: 'print figures of the log',
  positionals: '',
  details: '',
  options: logOptions,
  run: (args, io) =>
    withLog(args, io, async (log) => {
      const stats = log.stats();
      await io.stdout.write(args.flag('json') ? `${JSON.stringify(stats)}\n` : formatStats(stats));
      return exitCodes.fine;
    }),
};
