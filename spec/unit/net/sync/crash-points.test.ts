/**
 * A crash at every single write of either side, with every kind of what the disk kept of the writes that waited:
 * messages arrive once and in order, states stay true, and what a wider scope allows is found, whichever write it
 * was.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Act } from './link-acts.ts';
import { LinkRun } from './link-run.ts';
import type { Scope } from '../../../../net/scope/scope.ts';

/**
 * Nothing of what waits; the state's only; the log's only; half of an append; half of an append and the state's; all.
 */
const keptParts = [
  { state: 0, log: 0, torn: 0 },
  { state: 9, log: 0, torn: 0 },
  { state: 0, log: 9, torn: 0 },
  { state: 0, log: 0, torn: 1 },
  { state: 9, log: 0, torn: 2 },
  { state: 9, log: 9, torn: 0 },
] as const;

const team: Scope = { share: 'live', sinceMs: null, games: null, channels: ['team'] };
const all: Scope = { share: 'history', sinceMs: null, games: null, channels: null };
const flow: Act = { kind: 'flow', turns: 14 };

function say(channel: string, count = 1): Act {
  return { kind: 'say', side: 0, game: 'Quake', channel, agoMs: 0, count };
}

const runs: Readonly<Record<string, readonly Act[]>> = {
  'messages both ways': [
    { kind: 'post', side: 0 },
    { kind: 'post', side: 0 },
    { kind: 'post', side: 1 },
    flow,
    { kind: 'post', side: 0 },
    { kind: 'show', side: 1 },
    flow,
  ],
  'a scope that narrows and widens over lines': [
    { kind: 'scope', side: 0, scope: team },
    say('all', 3),
    say('team', 2),
    flow,
    { kind: 'scope', side: 0, scope: all },
    say('team'),
    flow,
  ],
};

async function play(acts: readonly Act[], crash: LinkRun['crash']): Promise<LinkRun> {
  const run = new LinkRun();
  run.crash = crash;
  for (const action of acts) await run.act(action);
  await run.finish();
  return run;
}

for (const [what, acts] of Object.entries(runs)) {
  test(`${what}: a crash at any write of either side`, async () => {
    const { writes } = await play(acts, null);
    let crashes = 0;
    for (const side of [0, 1] as const) {
      for (let atWrite = 1; atWrite <= writes[side]; atWrite += 1) {
        for (const part of keptParts) {
          const crash = { side, atWrite, ...part };
          await assert.doesNotReject(play(acts, crash), `crash ${JSON.stringify(crash)}`);
          crashes += 1;
        }
      }
    }
    assert.ok(crashes > 50, `${crashes} crashes`);
  });
}
