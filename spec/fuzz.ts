/**
 * `npm run fuzz -- [--seconds N] [--seed TEXT] [--inputs N] [WORD...]`: gives every parser that meets the network or the disk
 * inputs that nobody would make; 120 s, shared evenly, and a seed of the moment unless said; with words only the parsers whose name
 * holds one. An input that makes one throw, break a promise, take long or never end, or a parser that keeps more and more, is
 * printed with the seed, the bytes and the command that does it again, and the exit code is 1.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FuzzNews, FuzzOrder } from './fuzz/fuzz-worker.ts';
import type { Failure, Tally } from './fuzz/fuzzing.ts';
import { WatchedInput } from './fuzz/watched-input.ts';

/** Time by the clock after which an input hangs; the slowest that may be, a key by scrypt, takes 20 s. */
const hangMs = 90_000;
const lookMs = 1_000;
const shownBytes = 2_048;

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, inputs: { type: 'string' } },
});
const seconds = Number(values.seconds ?? 120);
const inputs = values.inputs === undefined ? null : Number(values.inputs);
const seed = values.seed ?? String(Date.now());
if (!(seconds > 0)) throw new RangeError(`Expected a number of seconds but received ${values.seconds}`);
if (inputs !== null && !(inputs >= 1))
  throw new RangeError(`Expected a number of inputs but received ${values.inputs}`);

const watched = new WatchedInput();
const order: FuzzOrder = { seed, seconds, inputs, words, watched: watched.buffer };
// Node 20 does not take `--import tsx` over to a thread.
const script = new URL('fuzz/fuzz-worker.ts', import.meta.url).href;
const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(script)}); });`;
const worker = new Worker(boot, { eval: true, workerData: order });
const tallies: Tally[] = [];
let names: readonly string[] = [];
let seen = { key: '', sinceMs: performance.now() };

worker.on('message', (news: FuzzNews) => {
  switch (news.kind) {
    case 'targets':
      ({ names } = news);
      if (names.length === 0) fail(`No parser has such a name; there are ${news.all.join(', ')}.`);
      else
        process.stdout.write(
          `seed ${seed}: ${names.length} parsers, ${inputs === null ? `${seconds} s` : `${inputs} inputs each`}\n`,
        );
      break;
    case 'failure':
      report(news.failure);
      break;
    case 'tally':
      tallies.push(news.tally);
      break;
    case 'done':
      end();
  }
});
// What a parser does later, beside its answer.
worker.on('error', (error) => {
  report({ ...present(), failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  end();
});
const look = setInterval(() => {
  const key = `${watched.target} ${watched.number}`;
  if (key !== seen.key || watched.number === 0) seen = { key, sinceMs: performance.now() };
  if (performance.now() - seen.sinceMs < hangMs) return;
  report({ ...present(), failure: `does not end: ${hangMs / 1_000} s` });
  end();
}, lookMs);

function present(): Omit<Failure, 'failure'> {
  return { target: names[watched.target] ?? 'the start', number: watched.number, input: watched.bytes };
}

function end(): void {
  clearInterval(look);
  void worker.terminate();
  console.table(tallies);
}

function fail(text: string): void {
  process.exitCode = 1;
  process.stdout.write(`${text}\n`);
}

function report({ target, number, input, failure }: Failure): void {
  const hex = Buffer.from(input.subarray(0, shownBytes)).toString('hex');
  const rest = input.length > shownBytes ? ` and ${input.length - shownBytes} more` : '';
  fail(
    `\n${target}, seed ${seed}, input ${number}: ${failure}\n  bytes: ${hex}${rest}\n` +
      `  again: npm run fuzz -- --seed ${seed} --inputs ${number} "${target}"`,
  );
}
