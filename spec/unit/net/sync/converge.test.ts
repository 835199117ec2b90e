/**
 * Two links through a pipe that loses what is under way at each start, over disks that crash, refuse and tear, under
 * scopes that change at any moment.
 */
import { test } from 'node:test';
import * as fc from 'fast-check';
import { act } from './link-acts.ts';
import { LinkRun } from './link-run.ts';

test('two links converge on exactly what the scopes allow, and nothing else ever crosses', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 90, size: 'max' }), async (acts) => {
      const run = new LinkRun();
      for (const action of acts) await run.act(action);
      await run.finish();
    }),
    { numRuns: Number(process.env['LOBBYKEEP_RUNS'] ?? 100), includeErrorInReport: true },
  );
});
