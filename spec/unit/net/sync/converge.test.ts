/**
 * Two links through a pipe that loses what is under way at each start, over disks that crash, refuse and tear, under
 * scopes that change at any moment.
 */
import { test } from 'node:test';
import * as fc from 'fast-check';
import { act } from './link-acts.ts';
import type { Act } from './link-acts.ts';
import { LinkRun } from './link-run.ts';

/** More is asked for, the disk refuses it, and the program dies between the next write and the one that takes it back. */
const diesBeforeTakenBack: readonly Act[] = [
  { kind: 'post', side: 0 },
  { kind: 'scope', side: 0, scope: { share: 'history', sinceMs: 0, games: null, channels: null } },
  { kind: 'refuse', side: 0 },
  { kind: 'say', side: 0, game: 'Quake', channel: 'all', agoMs: 0, count: 1 },
  { kind: 'crash', side: 0, state: 1, log: 0, torn: 0 },
  { kind: 'disk', side: 0, store: 'state', count: 1 },
];

test('two links converge on exactly what the scopes allow, and nothing else ever crosses', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 90, size: 'max' }), async (acts) => {
      const run = new LinkRun();
      for (const action of acts) await run.act(action);
      await run.finish();
    }),
    {
      numRuns: Number(process.env['LOBBYKEEP_RUNS'] ?? 100),
      includeErrorInReport: true,
      examples: [[[...diesBeforeTakenBack]]],
    },
  );
});
