/**
 * Strangers against one device with one contact: whatever they send, nothing goes back to them, and it costs the device a
 * bounded share of memory and disk; the contact is heard meanwhile. Figures are printed.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { REPO_ROOT } from '../../overlay/runtime/paths.mjs';
import { Attack } from './attack.ts';
import type { AttackKind } from './attack.ts';
import { LoopbackNode } from './loopback-node.ts';
import { Chance } from './world/chance.ts';
import { Device } from './world/device.ts';
import type { DeviceWatch } from './world/device.ts';
import { Lan } from './world/lan.ts';
import { quickenCurves } from './world/quick-curve.ts';
import { Timeline } from './world/timeline.ts';

/** Datagrams that cost the attacker nothing, and how many there are in a virtual second. */
const cheapDatagrams = 1_000_000;
const perSecond = 5_000;
/** Those that cost curve operations to make. */
const requests = 10_000;
const firsts = 3_000;
const heapLimitBytes = 24 * 1024 * 1024;
const diskLimitBytes = 512 * 1024;
const attackerAddresses = 1_000;
const cheap: readonly AttackKind[] = ['random', 'typed', 'typed', 'cut', 'flipped', 'replayed'];

quickenCurves();

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const quiet: DeviceWatch = { onKept: () => {}, onRequest: () => {}, onProblem: () => {} };

/** Two contacts on a LAN, connected. */
async function befriend(lan: Lan, chance: Chance): Promise<readonly [ada: Device, bob: Device]> {
  const { timeline } = lan;
  const ada = new Device('ada', lan, chance.fork('ada'), quiet);
  const bob = new Device('bob', lan, chance.fork('bob'), quiet);
  for (const device of [ada, bob]) {
    device.machine.replug([lan.freshPlug('eth0', 0, true)]);
    void device.start();
  }
  await timeline.pass(500);
  const token = ada.program?.book.makeToken('for bob');
  await timeline.pass(100);
  const made = await token;
  assert.ok(made?.ok === true);
  void bob.ask(made.value.code);
  await timeline.pass(500);
  void ada.accept(bob.id);
  assert.ok(await timeline.passUntil(() => ada.program?.node.presence(bob.id) === 'connected', 10_000));
  // The first beacons and the periods in which strangers are few.
  await timeline.pass(30_000);
  return [ada, bob];
}

test('a million datagrams of strangers are not answered, and cost bounded memory and disk', async (context) => {
  const chance = new Chance('strangers');
  const timeline = new Timeline();
  const lan = new Lan(timeline, chance.fork('lan'));
  const [ada, bob] = await befriend(lan, chance);
  const { program } = ada;
  assert.ok(program !== null && bob.program !== null);
  const making = program.book.makeToken('leaked');
  await timeline.pass(50);
  const leaked = await making;
  assert.ok(leaked.ok);
  const attack = new Attack(chance.fork('attack'), program.book.identity.contact.publicKey, leaked.value.token);
  const addresses = Array.from({ length: attackerAddresses }, () => lan.freshPlug('eth0', 0, false).address);
  const attackers = new Set(addresses);
  let answeredBytes = 0;
  lan.onSend = ({ by, to, bytes }) => {
    if (by === ada.machine && to !== null && attackers.has(to.address)) answeredBytes += bytes.length;
    // All that passes on a segment is overheard.
    attack.overhear(bytes);
  };
  const [bobAddress = ''] = [...bob.machine.addresses];
  const hit = (kind: AttackKind): void => {
    const bytes = attack.make(kind, ada.clock.unixMs(), ada.clock.elapsedMs());
    // Now and then in the name of the contact's address; who answers there is asked in vain.
    const isSpoofed = kind !== 'replayed' && chance.happens(0.05);
    const address = isSpoofed ? bobAddress : chance.pick(addresses);
    const from = { address, port: isSpoofed ? 41_975 : chance.whole(1_024, 65_535) };
    ada.machine.receiver?.take(bytes, from, chance.pick(['session', 'discovery']));
  };

  await timeline.pass(10_000);
  const before = { heap: heapBytes(), state: ada.state.writtenBytes, log: ada.log.writtenBytes };
  const startMs = performance.now();
  const batch = perSecond / 100;
  let said = 0;
  let [dearLeft, firstsLeft] = [requests, firsts];
  for (let sent = 0; sent < cheapDatagrams; sent += batch) {
    for (let count = 0; count < batch; count += 1) hit(chance.pick(cheap));
    if (dearLeft > 0 && chance.happens(0.5)) {
      dearLeft -= 1;
      hit(chance.happens(0.5) ? 'leaked' : 'asked');
    }
    if (firstsLeft > 0 && chance.happens(0.15)) {
      firstsLeft -= 1;
      hit('first');
    }
    if (sent % (perSecond * 2) === 0) {
      said += 1;
      void bob.program.node.outbox.post({ text: `message ${said}`, room: null, receivers: [ada.id] });
    }
    await timeline.pass(10);
  }
  for (; dearLeft > 0; dearLeft -= 1) hit(chance.happens(0.5) ? 'leaked' : 'asked');
  for (; firstsLeft > 0; firstsLeft -= 1) hit('first');
  const tookMs = performance.now() - startMs;
  await timeline.pass(5_000);

  const heard = ada.log.journal.filter((entry) => entry.kind === 'message' && entry.from === bob.id).length;
  const grown = heapBytes() - before.heap;
  const written = ada.state.writtenBytes - before.state;
  const logged = ada.log.writtenBytes - before.log;
  const counts = [...attack.counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
  context.diagnostic(`${counts}: ${((tookMs * 1_000) / cheapDatagrams).toFixed(1)} µs each, made and taken`);
  context.diagnostic(
    `answered ${answeredBytes} bytes; heap ${(grown / 1024).toFixed(0)} KiB more; state ${(written / 1024).toFixed(0)} KiB ` +
      `and log ${(logged / 1024).toFixed(0)} KiB written; ${program.book.waiting().length} requests wait; ${heard} of ${said} messages heard`,
  );
  assert.equal(answeredBytes, 0);
  assert.equal(heard, said);
  assert.equal(program.node.presence(bob.id), 'connected');
  assert.ok(program.book.waiting().length <= 64);
  assert.ok(grown < heapLimitBytes, `the heap grew by ${grown} bytes`);
  assert.ok(written + logged < diskLimitBytes, `${written + logged} bytes were written`);
});

test('a contact is heard through a flood of strangers', { timeout: 60_000 }, async (context) => {
  const [ada, bob] = await LoopbackNode.befriend(context);
  const flood = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      fileURLToPath(new URL('flood-child.ts', import.meta.url)),
      String(ada.sessionPort),
      '20000',
      '12000',
    ],
    { cwd: REPO_ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  flood.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const flooded = once(flood, 'close');
  const latenciesMs: number[] = [];
  // The child starts meanwhile; what it has not yet sent is no flood.
  await once(flood.stdout, 'data');
  for (let count = 0; count < 200; count += 1) {
    latenciesMs.push(await bob.sayTo(ada, `message ${count}`));
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  await flooded;
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const { received, droppedWaiting } = ada.datagrams.counters;
  context.diagnostic(
    `flood: ${printed.trim().replaceAll('\n', ' ')} sent, ${received} taken, ${droppedWaiting} dropped; ` +
      `messages: median ${at(0.5).toFixed(1)} ms, 99 % ${at(0.99).toFixed(1)} ms, most ${at(1).toFixed(1)} ms`,
  );
  assert.ok(received > 10_000, `the flood was one: ${received}`);
  assert.ok(at(0.99) < 250, `99 % within ${at(0.99)} ms`);
});
