/** `kill -9` of a real writer process at random moments: every line that it reported as kept is there exactly once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { nodeFiles } from '../../../storage/index.ts';
import { mustOpen, mustVerify } from './log-kit.ts';
import type { Log } from '../../../storage/index.ts';

const runs = 50;
const writers = 4;
const source = fileURLToPath(new URL('writer-child.ts', import.meta.url));
/** Bundled once: 50 starts through tsx would take most of a minute. Inside the checkout, so that packages are found. */
const child = fileURLToPath(new URL('../../../.build/test/writer-child.mjs', import.meta.url));

/** Starts a writer and kills it when it has reported `count` lines; returns their ids. */
async function killWriter(folder: string, run: number, count: number): Promise<readonly string[]> {
  const writer = spawn(process.execPath, [child, folder, String(run)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  const kept: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line !== 'open') kept.push(line);
    // Further lines may arrive that were written before the signal: they count as kept too.
    if (kept.length >= count) writer.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL');
  return kept;
}

function countIds(log: Log): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let cursor: string | null = null;
  do {
    const page = log.search('', { limit: 1000, ...(cursor === null ? {} : { cursor }) });
    assert.ok(page.ok);
    for (const line of page.value.lines) counts.set(line.id, (counts.get(line.id) ?? 0) + 1);
    cursor = page.value.next;
  } while (cursor !== null);
  return counts;
}

before(() =>
  build({
    entryPoints: [source],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  }),
);

test(`${runs} writers killed at random moments lose and double nothing`, async () => {
  const folders = await Promise.all(Array.from({ length: writers }, () => mkdtemp(join(tmpdir(), 'lobbykeep-crash-'))));
  try {
    await Promise.all(
      folders.map(async (folder, lane) => {
        const kept: string[] = [];
        for (let run = lane; run < runs; run += writers) {
          kept.push(...(await killWriter(folder, run, 1 + Math.floor(Math.random() * 30))));
          const reader = await mustOpen({ folder, files: nodeFiles(), mode: 'read' });
          const counts = countIds(reader);
          assert.deepEqual(
            kept.filter((id) => counts.get(id) !== 1),
            [],
            `run ${run}`,
          );
          await mustVerify(reader);
          await reader.close();
        }
        const writer = await mustOpen({ folder, files: nodeFiles() });
        await mustVerify(writer);
        await writer.close();
      }),
    );
  } finally {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
});
