/** One writer a folder: who gets the lock, when it is stale, and what the second one is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLog } from '../../../storage/index.ts';
import type { Processes } from '../../../storage/index.ts';
import { EntryMaker, findText, logOptions, makeClock, mustAppend, mustOpen, startMs } from './log-kit.ts';
import { MemoryDisk } from './memory-disk.ts';

const folder = '/log';

/** A machine whose processes the test makes and ends. */
class Machine {
  readonly #alive = new Map<number, string | null>();
  bootedMs = startMs - 3_600_000;

  start(pid: number, token: string | null): Processes {
    this.#alive.set(pid, token);
    return {
      pid,
      host: 'here',
      isAlive: (other) => this.#alive.has(other),
      startToken: (other) => this.#alive.get(other) ?? null,
      bootedMs: () => this.bootedMs,
    };
  }

  end(pid: number): void {
    this.#alive.delete(pid);
  }
}

async function failToOpen(files: MemoryDisk, processes: Processes, nowMs = startMs): Promise<string> {
  const opened = await openLog(logOptions({ folder, files, processes, clock: makeClock(nowMs) }));
  assert.ok(!opened.ok);
  assert.equal(opened.error.kind, 'in-use');
  return opened.error.message;
}

test('a second writer is told who writes and what to do; a reader is let in', async () => {
  const files = new MemoryDisk(() => startMs);
  const machine = new Machine();
  const make = new EntryMaker();
  const first = await mustOpen({ folder, files, processes: machine.start(10, 'a') });
  const session = make.session();
  await mustAppend(first, [session, make.line(session.id, 'hello')]);
  assert.equal(
    await failToOpen(files, machine.start(11, 'b')),
    'The log in /log is already being written by process 10, and only one program may write it. Nothing was changed. ' +
      'Close the other Lobbykeep; if none runs, delete the file "lock" in that folder.',
  );
  assert.deepEqual(findText(await mustOpen({ folder, files, mode: 'read' }), ''), ['hello']);
  await first.close();
  const second = await mustOpen({ folder, files, processes: machine.start(11, 'b') });
  await second.close();
  assert.ok(!files.paths().includes('/log/lock'));
});

test('of many writers that start at once exactly one gets the lock, also when a stale one lies there', async () => {
  for (const stale of [false, true]) {
    const files = new MemoryDisk(() => startMs);
    const machine = new Machine();
    if (stale) {
      await mustOpen({ folder, files, processes: machine.start(9, 'dead') });
      machine.end(9);
    }
    const opened = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        openLog(logOptions({ folder, files, processes: machine.start(20 + at, `t${at}`), clock: makeClock() })),
      ),
    );
    const won = opened.filter((result) => result.ok);
    assert.equal(won.length, 1, stale ? 'stale lock' : 'no lock');
    assert.ok(!files.paths().includes('/log/lock.takeover'));
  }
});

test('the lock of a dead process, of a reused pid, or of before the last boot is taken over', async () => {
  for (const change of [
    (machine: Machine) => machine.end(10),
    (machine: Machine) => machine.start(10, 'another process'),
    (machine: Machine) => {
      machine.start(10, null);
      machine.bootedMs = startMs + 3_600_000;
    },
  ]) {
    const files = new MemoryDisk(() => startMs);
    const machine = new Machine();
    await mustOpen({ folder, files, processes: machine.start(10, 'a') });
    change(machine);
    const log = await mustOpen({ folder, files, processes: machine.start(11, 'b') });
    await failToOpen(files, machine.start(12, 'c'));
    await log.close();
  }
});

test('a lock of another machine is respected', async () => {
  const files = new MemoryDisk(() => startMs);
  const machine = new Machine();
  await mustOpen({ folder, files, processes: { ...machine.start(10, 'a'), host: 'there' } });
  machine.end(10);
  assert.match(await failToOpen(files, machine.start(11, 'b')), /process 10 on the machine "there"/);
});

test('a half-written lock is respected for two seconds, then taken over', async () => {
  const files = new MemoryDisk(() => startMs);
  const machine = new Machine();
  files.put('/log/lock', new TextEncoder().encode('{"pid":'));
  assert.match(await failToOpen(files, machine.start(11, 'b'), startMs + 1_000), /just starting/);
  const log = await mustOpen({ folder, files, processes: machine.start(11, 'b'), clock: makeClock(startMs + 3_000) });
  await log.close();
});

test('a lock that is too long to be one is taken over as a half-written one', async () => {
  const files = new MemoryDisk(() => startMs);
  files.put('/log/lock', new Uint8Array(5_000).fill(0x7b));
  const processes = new Machine().start(10, 'a');
  assert.match(await failToOpen(files, processes, startMs + 1_000), /just starting/);
  const log = await mustOpen({ folder, files, processes, clock: makeClock(startMs + 3_000) });
  await log.close();
  assert.ok(!files.paths().includes('/log/lock'));
});

test('a take-over that died in the middle does not lock the folder for ever', async () => {
  const files = new MemoryDisk(() => startMs);
  const machine = new Machine();
  await mustOpen({ folder, files, processes: machine.start(10, 'a') });
  machine.end(10);
  files.put('/log/lock.takeover', new Uint8Array());
  await failToOpen(files, machine.start(11, 'b'), startMs + 1_000);
  await failToOpen(files, machine.start(11, 'b'), startMs + 11_000);
  const log = await mustOpen({ folder, files, processes: machine.start(11, 'b'), clock: makeClock(startMs + 12_000) });
  await log.close();
});

test('a clock that jumped back changes nothing of a lock that is held or stale', async () => {
  const files = new MemoryDisk(() => startMs);
  const machine = new Machine();
  await mustOpen({ folder, files, processes: machine.start(10, 'a') });
  await failToOpen(files, machine.start(11, 'b'), startMs - 86_400_000);
  machine.end(10);
  const clock = makeClock(startMs - 86_400_000);
  await mustOpen({ folder, files, processes: machine.start(11, 'b'), clock });
});
