/**
 * The four export formats, each a generator of text pieces over lines that come oldest first, so that a log of any
 * length is written without holding it. What a line says is hostile: it never becomes markup, a spreadsheet formula or
 * a terminal's control sequence.
 */
import type { ExportFormat, LogLine } from '../log.ts';

/** What stands above a stay in one lobby. */
function sessionTitle(line: LogLine): string {
  return line.lobby === null ? line.game : `${line.game} – ${line.lobby}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** `2026-05-31 20:15:07` in the machine's time zone. */
function localTime(atMs: number): string {
  const at = new Date(atMs);
  return `${localDay(atMs)} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

function localDay(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/**
 * Text for a terminal or a text file: control characters (C0, C1, line separators) and the marks that turn the
 * direction of writing around become U+FFFD.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\uFFFD');
}

/** One line as `text` shows it: `2026-05-31 20:15:07 [team] <line as drawn>`; the channel `all` is left out. */
export function formatTextLine(line: LogLine): string {
  const channel = line.channel === 'all' ? '' : `[${printable(line.channel)}] `;
  return `${localTime(line.atMs)}  ${channel}${printable(line.line)}`;
}

function* exportText(lines: Iterable<LogLine>): Generator<string> {
  let session = '';
  for (const line of lines) {
    if (line.session !== session) {
      yield `${session === '' ? '' : '\n'}== ${printable(sessionTitle(line))} ==\n`;
      session = line.session;
    }
    yield `${formatTextLine(line)}\n`;
  }
}

/** A line as JSON has it: as `LogLine`, with the time in ISO 8601 beside the number. */
export function toJsonLine(line: LogLine): Readonly<Record<string, unknown>> {
  return { at: new Date(line.atMs).toISOString(), ...line };
}

function* exportJsonLines(lines: Iterable<LogLine>): Generator<string> {
  for (const line of lines) yield `${JSON.stringify(toJsonLine(line))}\n`;
}

/** RFC 4180. A field that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection). */
function csvField(value: string): string {
  const guarded = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function* exportCsv(lines: Iterable<LogLine>): Generator<string> {
  yield 'time,game,lobby,channel,speaker,text,line,confidence,revised,id\r\n';
  for (const line of lines) {
    const fields = [
      new Date(line.atMs).toISOString(),
      line.game,
      line.lobby ?? '',
      line.channel,
      line.speaker ?? '',
      line.text,
      line.line,
      line.confidence.toFixed(3),
      line.revised ? 'yes' : 'no',
      line.id,
    ];
    yield `${fields.map(csvField).join(',')}\r\n`;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Chat log</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid #8886; }
h2 small { font-weight: normal; opacity: .7; }
ol { list-style: none; margin: 0; padding: 0; }
li { display: grid; grid-template-columns: 5rem 1fr; gap: .75rem; overflow-wrap: anywhere; }
time { opacity: .6; font-variant-numeric: tabular-nums; }
.mark { display: inline-block; width: .6em; height: .6em; border-radius: 50%; margin-right: .4em; }
.channel { font-size: .8em; padding: 0 .4em; margin-right: .4em; border: 1px solid #8888; border-radius: 1em; }
</style>
</head>
<body>
<h1>Chat log</h1>
`;

function htmlLine(line: LogLine): string {
  const colour = line.colours[0];
  const mark = colour === undefined ? '' : `<span class="mark" style="background:${escapeHtml(colour)}"></span>`;
  const channel = line.channel === 'all' ? '' : `<span class="channel">${escapeHtml(line.channel)}</span>`;
  const time = `<time datetime="${new Date(line.atMs).toISOString()}">${localTime(line.atMs).slice(11)}</time>`;
  return `<li>${time}<span>${mark}${channel}${escapeHtml(line.line)}</span></li>\n`;
}

function* exportHtml(lines: Iterable<LogLine>): Generator<string> {
  yield page;
  let group = '';
  for (const line of lines) {
    const next = `${line.session} ${localDay(line.atMs)}`;
    if (next !== group) {
      if (group !== '') yield '</ol>\n';
      yield `<h2>${escapeHtml(sessionTitle(line))} <small>${localDay(line.atMs)}</small></h2>\n<ol>\n`;
      group = next;
    }
    yield htmlLine(line);
  }
  yield group === '' ? '<p>No line matched.</p>\n</body>\n</html>\n' : '</ol>\n</body>\n</html>\n';
}

const exporters: Readonly<Record<ExportFormat, (lines: Iterable<LogLine>) => Iterable<string>>> = {
  text: exportText,
  jsonl: exportJsonLines,
  csv: exportCsv,
  html: exportHtml,
};

/** `lines` in `format`, in pieces. */
export function exportLines(lines: Iterable<LogLine>, format: ExportFormat): Iterable<string> {
  return exporters[format](lines);
}
