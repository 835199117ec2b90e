/**
 * A flood from another process: timers go on, the session socket is heard through it, and what is dropped is counted.
 * Held against CPU time and not the clock on the wall, since on a busy machine a timer waits for others' work, too.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { REPO_ROOT } from '../../../../overlay/runtime/paths.mjs';
import { findFreePort, listen, textBytes } from './datagrams-kit.ts';

const PER_SECOND = 50_000;
const DURATION_MS = 1000;
const TICK_MS = 2;
/** What a timer may be kept waiting by the program's own work. */
const WAIT_LIMIT_MS = 20;
const child = fileURLToPath(new URL('flood-child.ts', import.meta.url));

async function flood(port: number): Promise<number> {
  const args = ['--import', 'tsx', child, String(port), String(PER_SECOND), String(DURATION_MS)];
  const running = spawn(process.execPath, args, { cwd: REPO_ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await once(running, 'close');
  return Number(printed);
}

/** CPU time that passed between one tick of a timer and the next, ms, until `stop`. */
function watchTimers(): { readonly stop: () => readonly number[] } {
  const spentMs: number[] = [];
  let last = process.cpuUsage();
  const timer = setInterval(() => {
    const spent = process.cpuUsage(last);
    last = process.cpuUsage();
    spentMs.push((spent.user + spent.system) / 1000);
  }, TICK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return spentMs.toSorted((a, b) => a - b);
    },
  };
}

for (const { name, costMs } of [
  { name: 'a program that drops at once', costMs: 0 },
  { name: 'a program that takes a millisecond for each', costMs: 1 },
]) {
  test(`a flood of ${PER_SECOND} datagrams a second does not stop the timers of ${name}`, async (context) => {
    const discoveryPort = await findFreePort();
    const { datagrams, hear } = await listen(context, { discoveryPort });
    datagrams.onDatagram((_bytes, _from, via) => {
      const endMs = performance.now() + (via === 'discovery' ? costMs : 0);
      while (performance.now() < endMs);
    });
    const timers = watchTimers();
    let pings = 0;
    const pinging = setInterval(() => {
      pings += 1;
      datagrams.send(textBytes('ping'), { address: '127.0.0.1', port: datagrams.sessionPort });
    }, 50);
    let sent = await flood(discoveryPort);
    // A busy machine may give the flood so little time that the program keeps up with it: then it comes again.
    const againLimit = costMs > 0 ? 5 : 0;
    for (let again = 0; again < againLimit && datagrams.counters.droppedWaiting === 0; again += 1) {
      sent += await flood(discoveryPort);
    }
    clearInterval(pinging);
    const spentMs = timers.stop();
    await hear(({ text }) => text === 'ping');
    const at = (share: number): number => spentMs[Math.floor(share * (spentMs.length - 1))] ?? Number.NaN;
    const { received, droppedWaiting } = datagrams.counters;
    context.diagnostic(
      `sent ${sent}, heard ${received}, dropped ${droppedWaiting}, ${pings} pings; CPU ms between ticks: ` +
        `median ${at(0.5).toFixed(1)}, 99 % ${at(0.99).toFixed(1)}, most ${at(1).toFixed(1)}`,
    );
    assert.ok(sent > 1000, `the flood was one: ${sent}`);
    // The collector of garbage may once take its time; the flood comes a thousand times a second.
    assert.ok(at(0.99) < WAIT_LIMIT_MS, `${at(0.99)} ms`);
    if (costMs > 0) assert.ok(droppedWaiting > 0, 'more came than the program could take');
  });
}
