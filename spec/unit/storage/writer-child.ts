/**
 * A real writer process for the crash test: appends lines to the log in argv[2] until it is killed, and prints the id
 * of each line once it was reported as kept. argv[3] is the number of the run.
 */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { makeEntryIds, openLog } from '../../../storage/index.ts';

const [, , folder = '', run = ''] = process.argv;
const random = (count: number) => new Uint8Array(randomBytes(count));
const clock = () => Date.now();
const ids = makeEntryIds(clock, random);
const opened = await openLog({ folder, mode: 'write', clock, random, fileBytesBound: 64 * 1024 });
if (!opened.ok) {
  writeSync(2, `${opened.error.message}\n`);
  process.exit(3);
}
const log = opened.value;
const session = ids();
await log.append([{ kind: 'session', id: session, atMs: clock(), game: 'Crash', lobby: run, reason: 'test' }]);
writeSync(1, 'open\n');

async function keepOne(at: number): Promise<void> {
  const line = `run ${run} line ${at}`;
  const body = { line, speaker: null, text: line, channel: 'all', confidence: 1, colours: [], picture: null };
  const id = ids();
  const kept = await log.append([{ kind: 'line', id, session, atMs: clock(), ...body }]);
  // A synchronous write: what the parent reads was said before the kill.
  if (kept.ok) writeSync(1, `${id}\n`);
}

for (let at = 0; ; at += 4) {
  await Promise.all([keepOne(at), keepOne(at + 1), keepOne(at + 2), keepOne(at + 3)]);
}
