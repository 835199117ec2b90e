/**
 * Figures of the log on this machine: `node --import tsx spec/bench/storage.ts [LINES]`. Opening with and without a
 * snapshot, appends one by one and grouped, searches over a log of LINES lines (default 100,000) of generated chat; then a
 * peer's history of as many lines, of other lobbies and of the same, own feeds, and the state.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEntryIds, openLog } from '../../storage/index.ts';
import type { Entry, EntryId, LineEntry, Log } from '../../storage/index.ts';

const lineCount = Number(process.argv[2] ?? 100_000);
const random = (count: number) => new Uint8Array(randomBytes(count));
const clock = () => Date.now();
const ids = makeEntryIds(clock, random);

/** Linear congruential, so that each run writes the same chat. */
function makeDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const dice = makeDice(7);
const syllables = 'ka lo mi re su ta vo ne pi du gan tor bel rin mox zed fla gro tik sha'.split(' ');
const words = Array.from({ length: 4_000 }, () =>
  Array.from({ length: 1 + dice(3) }, () => syllables[dice(syllables.length)]).join(''),
);
const speakers = Array.from({ length: 300 }, (_, at) => `${words[at] ?? 'x'}_${at}`);

function makeLine(session: EntryId, at: number): LineEntry {
  const speaker = speakers[dice(speakers.length)] ?? 'nobody';
  // Squared, so that some words are common and most are rare, as in real chat.
  const pick = () => words[Math.floor((dice(1_000) / 1_000) ** 2 * words.length)] ?? 'gg';
  const text = Array.from({ length: 2 + dice(9) }, pick).join(' ');
  const line = `<${speaker}> ${text}`;
  const body = { line, speaker, text, channel: dice(4) === 0 ? 'team' : 'all', confidence: 0.9, colours: ['#ffcc00'] };
  return { kind: 'line', id: ids(), session, atMs: 1_700_000_000_000 + at * 900, ...body, picture: null };
}

/** Lines of one append of a history: what the network takes in one batch. */
const batchLines = 512;

/** Makes a peer's feed: the entries that it is given, numbered. */
function makeFeed(name: string): (entry: Entry) => Entry {
  const hex = (digits: number) => Buffer.from(name.padEnd(digits / 2, '.')).toString('hex');
  let number = 0;
  return (entry) => {
    number += 1;
    return { ...entry, origin: { peer: hex(64), feed: hex(32), number } };
  };
}

async function appendAll(log: Log, entries: readonly Entry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += batchLines) await append(log, entries.slice(at, at + batchLines));
}

async function open(folder: string): Promise<Log> {
  const opened = await openLog({ folder, mode: 'write', clock, random });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

async function append(log: Log, entries: Parameters<Log['append']>[0]): Promise<void> {
  const kept = await log.append(entries);
  if (!kept.ok) throw new Error(kept.error.message);
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const start = performance.now();
  const value = await work();
  return { value, ms: performance.now() - start };
}

const figures: { figure: string; value: string }[] = [];
const note = (figure: string, value: string) => figures.push({ figure, value });

async function measureAppends(log: Log, session: EntryId): Promise<void> {
  const singles = 300;
  const single = await timed(async () => {
    for (let at = 0; at < singles; at += 1) await append(log, [makeLine(session, at)]);
  });
  note('append, one at a time', `${Math.round((singles / single.ms) * 1_000)} kept/s`);
  const concurrent = 3_000;
  const grouped = await timed(() =>
    Promise.all(Array.from({ length: concurrent }, (_, at) => append(log, [makeLine(session, at)]))),
  );
  note('append, all at once (group commit)', `${Math.round((concurrent / grouped.ms) * 1_000)} kept/s`);
}

function measureSearches(log: Log): void {
  const queries: readonly [string, () => string][] = [
    ['one word', () => words[dice(words.length)] ?? 'gg'],
    ['common prefix, as typed', () => (syllables[dice(syllables.length)] ?? 'ka').slice(0, 2)],
    ['one letter, as typed', () => (syllables[dice(syllables.length)] ?? 'k').charAt(0)],
    ['two words and a speaker', () => `${words[dice(50)]} ${words[dice(50)]} from:${speakers[dice(300)]}`],
    ['phrase', () => `"${words[dice(20)]} ${words[dice(20)]}"`],
    ['name with an underscore', () => speakers[dice(300)] ?? 'x_1'],
    ['punctuation only', () => '^^'],
    ['no term', () => ''],
    ['channel and exclusion', () => `channel:team -${words[dice(50)]} after:2023-11-15`],
  ];
  for (const [name, make] of queries) {
    const times: number[] = [];
    for (let run = 0; run < 40; run += 1) {
      const query = make();
      const start = performance.now();
      const page = log.search(query, { limit: 50 });
      times.push(performance.now() - start);
      if (!page.ok) throw new Error(page.error.message);
    }
    times.sort((a, b) => a - b);
    note(`search: ${name}`, `p50 ${times[20]?.toFixed(1) ?? '?'} ms, p95 ${times[37]?.toFixed(1) ?? '?'} ms`);
  }
}

/** A history of `lineCount` lines as batches of a peer: of lobbies where only it was, then of those of this device. */
async function measureHistory(folder: string): Promise<void> {
  const log = await open(folder);
  const [mine, lone, shared] = [ids(), ids(), ids()];
  const session = { kind: 'session', atMs: 1_700_000_000_000, game: 'Shared', lobby: 'one', reason: 'bench' } as const;
  const own = [{ ...session, id: mine }, ...Array.from({ length: lineCount }, (_, at) => makeLine(mine, at))];
  const [lonely, witness] = [makeFeed('lonely'), makeFeed('witness')];
  const elsewhere = [{ ...session, id: lone, game: 'Elsewhere' }, ...own.slice(1)].map((entry) =>
    lonely(entry.kind === 'line' ? { ...entry, id: ids(), session: lone } : entry),
  );
  const together = own.map((entry) =>
    witness(
      entry.kind === 'line'
        ? { ...entry, id: ids(), session: shared, atMs: entry.atMs + dice(700), confidence: dice(100) / 100 }
        : { ...entry, id: shared },
    ),
  );
  const rate = (ms: number) => `${Math.round((lineCount / ms) * 1_000)} kept/s, ${(ms / 1_000).toFixed(1)} s`;
  note(`own lines, ${batchLines} a call`, rate((await timed(() => appendAll(log, own))).ms));
  note("a peer's lobbies, 512 a call", rate((await timed(() => appendAll(log, elsewhere))).ms));
  const search = performance.now();
  log.search('zedflagro');
  note('first search after it', `${(performance.now() - search).toFixed(1)} ms`);
  note('the same lobby of a peer, 512 a call', rate((await timed(() => appendAll(log, together))).ms));
  const lines = log.stats().lines;
  note('lines shown of three histories', `${lines} of ${lineCount * 3}`);
  const read = performance.now();
  let number = 1;
  for (let items = log.feeds.read('Shared', number, batchLines); items.length > 0;) {
    number += items.length;
    items = log.feeds.read('Shared', number, batchLines);
  }
  note(
    `own feed read, ${batchLines} a call`,
    `${Math.round(((number - 1) / (performance.now() - read)) * 1_000)} entries/s`,
  );
  await log.close();
}

async function measureState(folder: string): Promise<void> {
  const log = await open(folder);
  const value = JSON.stringify({ text: 'x'.repeat(300) });
  const writes = 2_000;
  const single = await timed(async () => {
    for (let at = 0; at < 300; at += 1) await log.state.write([{ key: `peer/${at}`, value }]);
  });
  note('state, one write at a time', `${Math.round((300 / single.ms) * 1_000)} kept/s`);
  const grouped = await timed(() =>
    Promise.all(Array.from({ length: writes }, (_, at) => log.state.write([{ key: `outbox/${at}`, value }]))),
  );
  note('state, all at once', `${Math.round((writes / grouped.ms) * 1_000)} kept/s`);
  await log.close();
}

const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-bench-'));
try {
  let log = await open(folder);
  const session = ids();
  await append(log, [
    { kind: 'session', id: session, atMs: 1_700_000_000_000, game: 'Bench', lobby: 'one', reason: 'bench' },
  ]);
  await measureAppends(log, session);
  const fill = await timed(async () => {
    for (let at = 0; at < lineCount; at += 500) {
      await append(
        log,
        Array.from({ length: Math.min(500, lineCount - at) }, (_, offset) => makeLine(session, at + offset)),
      );
    }
  });
  note('append, 500 a call', `${Math.round((lineCount / fill.ms) * 1_000)} kept/s`);
  note('close (writes the snapshot)', `${Math.round((await timed(() => log.close())).ms)} ms`);
  const { size } = await stat(join(folder, 'index.lks'));
  note('snapshot', `${(size / 1024 / 1024).toFixed(1)} MiB`);
  for (let run = 1; run <= 3; run += 1) {
    const opened = await timed(() => open(folder));
    note(`open with snapshot, run ${run}`, `${Math.round(opened.ms)} ms`);
    log = opened.value;
    if (run === 3) note('journal', `${(log.stats().journalBytes / 1024 / 1024).toFixed(1)} MiB`);
    if (run === 3) measureSearches(log);
    if (run === 3) note('verify', `${Math.round((await timed(() => log.verify())).ms)} ms`);
    await log.close();
  }
  await rm(join(folder, 'index.lks'));
  const rebuilt = await timed(() => open(folder));
  note('open without snapshot (rebuild)', `${Math.round(rebuilt.ms)} ms`);
  await rebuilt.value.close();
  await measureHistory(join(folder, 'history'));
  await measureState(join(folder, 'state'));
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${lineCount} lines; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}; Node ${process.version}`);
console.table(figures);
