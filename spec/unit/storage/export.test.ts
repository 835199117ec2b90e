/** Exports: exactly what the filter matches, in each format, with hostile lines. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { ExportFormat, Log } from '../../../storage/index.ts';
import { EntryMaker, mustAppend, mustOpen } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';

const hostile = [
  '=HYPERLINK("http://x","y")',
  '+1, -1',
  '@cmd|calc',
  '-2+3',
  'say "hi", then\nleave',
  '<script>alert(1)</script> & co',
  '</style><img src=x onerror=alert(1)>',
  'red \u001b[31m text \u202e gnp.exe',
  'plain and good',
];
let log: Log;
const make = new EntryMaker();

before(async () => {
  log = await mustOpen({ folder: '/log', files: new MemoryDisk() });
  const [first, second] = [make.session('<b>Game</b>', '"Lobby"'), make.session('=Game', null)];
  const lines = hostile.map((text, at) =>
    make.line(at < 5 ? first.id : second.id, text, {
      speaker: at % 2 === 0 ? '=evil()' : null,
      channel: at === 2 ? 'team' : 'all',
      colours: ['#ff0000'],
    }),
  );
  await mustAppend(log, [first, second, ...lines]);
});

function exportText(query: string, format: ExportFormat): string {
  const pieces = log.export(query, format);
  assert.ok(pieces.ok);
  return [...pieces.value].join('');
}

/** RFC 4180, the strict way. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    assert.ok(match, 'the CSV breaks RFC 4180');
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('JSON Lines holds each line as it is, oldest first', () => {
  const lines = exportText('', 'jsonl')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as unknown);
  const expected = log.search('');
  assert.ok(expected.ok);
  assert.deepEqual(
    lines,
    [...expected.value.lines].reverse().map((line) => Object.assign({ at: new Date(line.atMs).toISOString() }, line)),
  );
});

test('CSV is RFC 4180, and no field starts a formula', () => {
  const rows = parseCsv(exportText('', 'csv'));
  assert.equal(rows.length, hostile.length + 1);
  assert.deepEqual(rows[0]?.slice(0, 3), ['time', 'game', 'lobby']);
  for (const row of rows) {
    assert.equal(row.length, 10);
    for (const field of row) assert.doesNotMatch(field, /^[=+\-@\t\r]/);
  }
  const column = rows[0]?.indexOf('line') ?? -1;
  assert.deepEqual(
    rows.slice(1).map((row) => row[column]?.replace(/^'/, '')),
    hostile,
  );
});

test('HTML holds no markup but its own and loads nothing', () => {
  const html = exportText('', 'html');
  assert.doesNotMatch(html, /<script|<img|<b>|onerror=alert\(1\)>|[^\P{Cc}\n]|\u202e/u);
  assert.match(html, /default-src 'none'/);
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt; &amp; co'));
  assert.equal(html.match(/<li>/g)?.length, hostile.length);
  assert.equal(html.match(/<h2>/g)?.length, 2);
  assert.ok(html.endsWith('</html>\n'));
});

test('text is readable and holds no control character but the line end', () => {
  const text = exportText('', 'text');
  assert.doesNotMatch(text, /[^\P{Cc}\n]|\u202e/u);
  assert.match(text, /^== <b>Game<\/b> – "Lobby" ==\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}=HYPERLINK/);
  assert.match(text, /\[team\] @cmd\|calc\n/);
});

test('an export holds exactly what the query matches, in every format', () => {
  for (const format of ['text', 'jsonl', 'csv', 'html'] as const) {
    const text = exportText('plain', format);
    assert.ok(text.includes('plain and good') && !text.includes('cmd'), format);
    assert.ok(!exportText('nothing like it', format).includes('good'), format);
  }
});

test('a long export comes in pieces, also while lines are appended and the log is searched', async () => {
  const session = make.session('Long', null);
  const lines = Array.from({ length: 1_750 }, (_, at) => make.line(session.id, `long ${at}`));
  await mustAppend(log, [session, ...lines]);
  const pieces = log.export('game:long', 'jsonl');
  assert.ok(pieces.ok);
  const seen: string[] = [];
  for (const piece of pieces.value) {
    if (seen.length % 400 === 0) await mustAppend(log, [make.line(session.id, 'in between', { atMs: 1 })]);
    seen.push(piece);
  }
  assert.deepEqual(
    seen.filter((piece) => !piece.includes('in between')).map((piece) => /"line":"([^"]*)"/.exec(piece)?.[1]),
    lines.map((line) => line.line),
  );
});
