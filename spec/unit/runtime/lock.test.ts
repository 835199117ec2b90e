/** The set-up's lock: one holder at a time, also among processes, and a dead holder never blocks the next. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { withLock } from '../../../overlay/runtime/lock.mjs';
import { REPO_ROOT } from '../../../overlay/runtime/paths.mjs';

const lockModule = pathToFileURL(join(REPO_ROOT, 'overlay', 'runtime', 'lock.mjs')).href;

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lobbykeep-lock-'));
}

test('the lock is free again after the work, and after work that throws', async () => {
  const folder = makeFolder();
  const lock = join(folder, 'lock');
  assert.equal(await withLock(lock, async () => existsSync(lock)), true);
  assert.equal(existsSync(lock), false);
  await assert.rejects(
    withLock(lock, () => Promise.reject(new Error('the work failed'))),
    /the work failed/,
  );
  assert.equal(existsSync(lock), false);
  rmSync(folder, { recursive: true });
});

test('of eight processes that want the lock at once, never two are inside', async () => {
  const folder = makeFolder();
  const script = `
    import { withLock } from ${JSON.stringify(lockModule)};
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { setTimeout as delay } from 'node:timers/promises';
    await withLock(process.argv[1] + '/lock', async () => {
      mkdirSync(process.argv[1] + '/inside');
      await delay(15);
      rmdirSync(process.argv[1] + '/inside');
    });`;
  const children = Array.from({ length: 8 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', script, folder], { stdio: ['ignore', 'ignore', 'pipe'] }),
  );
  // mkdir of a folder that is there fails, so a second one inside ends with an error.
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  assert.deepEqual(
    codes,
    Array.from({ length: 8 }, () => 0),
  );
  rmSync(folder, { recursive: true });
});

test('the lock of a holder that was killed is taken over', async () => {
  const folder = makeFolder();
  const lock = join(folder, 'lock');
  const script = `
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(process.argv[1], () => { console.log('held'); return new Promise((resolve) => setTimeout(resolve, 60_000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, lock], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  assert.equal(readFileSync(join(lock, 'pid'), 'utf8'), String(holder.pid));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  assert.equal(await withLock(lock, async () => readFileSync(join(lock, 'pid'), 'utf8')), String(process.pid));
  rmSync(folder, { recursive: true });
});

test('a lock that its maker never signed is taken over when it is old, and waited for when it is not', async () => {
  const folder = makeFolder();
  const lock = join(folder, 'lock');
  mkdirSync(lock);
  utimesSync(lock, 1000, 1000);
  assert.equal(await withLock(lock, async () => 'taken'), 'taken');

  mkdirSync(lock);
  let waits = 0;
  const waited = withLock(lock, async () => 'taken', {
    onWait: () => {
      waits += 1;
      rmSync(lock, { recursive: true });
    },
  });
  assert.equal(await waited, 'taken');
  assert.equal(waits, 1);
  rmSync(folder, { recursive: true });
});

test('a living holder is named to whoever waits', async () => {
  const folder = makeFolder();
  const lock = join(folder, 'lock');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), String(process.pid));
  const named: (number | null)[] = [];
  await withLock(lock, async () => null, {
    onWait: (pid) => {
      named.push(pid);
      rmSync(lock, { recursive: true });
    },
  });
  assert.deepEqual(named, [process.pid]);
  rmSync(folder, { recursive: true });
});
