/**
 * Three machines on one LAN find each other without an address typed: whatever the network carries of multicast,
 * broadcast and IPv6, when an interface is pulled and plugged, when a second one comes, and with small packets.
 * Real sockets and beacons in network namespaces; needs Linux and root.
 *
 *     alice ─┐             alice ─┐
 *     bob   ─┼─ br0        bob   ─┴─ br1 (later)
 *     carol ─┘
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SESSION_PORT } from '../../net/transport/index.ts';
import { openNamespaceLan } from './namespaces.ts';
import type { NamespaceHost, NamespaceLan } from './namespaces.ts';
import { sendSignal } from './processes.ts';
import type { Running } from './processes.ts';

const NAMES = ['alice', 'bob', 'carol'] as const;
type Name = (typeof NAMES)[number];
/** A burst of beacons lasts 10 s; a busy machine is given more. */
const LIMIT_MS = 20_000;
const child = fileURLToPath(new URL('beacon-child.ts', import.meta.url));

/** One machine with its program. */
class Neighbour {
  readonly name: Name;
  readonly host: NamespaceHost;
  readonly #running: Running;

  constructor(name: Name, host: NamespaceHost) {
    this.name = name;
    this.host = host;
    const peers = NAMES.filter((each) => each !== name);
    this.#running = host.start(process.execPath, ['--import', 'tsx', child, name, ...peers]);
  }

  /** How many lines it has said: what follows is told apart by it. */
  get said(): number {
    return this.#running.lines.length;
  }

  signal(signal: 'SIGUSR2' | 'SIGHUP'): void {
    sendSignal(this.#running.child.pid ?? 0, signal);
  }

  /** The first line from number `since` on that fits; fails when none came in time or the program ended. */
  hear(pattern: RegExp, since = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      const past = this.#running.lines.slice(since).find((line) => pattern.test(line));
      if (past !== undefined) {
        resolve(past);
        return;
      }
      const fail = (why: string): void => {
        const tail = this.#running.lines.slice(since).slice(-12).join('\n');
        reject(new Error(`${this.name} ${why} before it said ${String(pattern)}. It said:\n${tail}`));
      };
      const timer = setTimeout(() => fail(`let ${LIMIT_MS} ms pass`), LIMIT_MS);
      this.#running.onLine((line) => {
        if (!pattern.test(line)) return;
        clearTimeout(timer);
        resolve(line);
      });
      void this.#running.exit.then((code) => {
        clearTimeout(timer);
        fail(`ended with ${String(code)}`);
        return null;
      });
    });
  }

  /** Lines since `since` that fit. */
  count(pattern: RegExp, since: number): number {
    return this.#running.lines.slice(since).filter((line) => pattern.test(line)).length;
  }
}

const IPV4 = String.raw`10\.77\.0\.\d+`;
const LINK = String.raw`fe80::[0-9a-f:]+%eth0`;

/** Each of `some` hears every other at such an address, and a full datagram sent there arrives. */
async function allHear(
  some: readonly Neighbour[],
  address: string,
  since: ReadonlyMap<Neighbour, number>,
): Promise<void> {
  const waits: Promise<string>[] = [];
  for (const one of some) {
    for (const other of some) {
      if (other === one) continue;
      waits.push(one.hear(new RegExp(`^heard ${other.name} ${address}$`), since.get(one)));
      waits.push(one.hear(new RegExp(`^greeted ${other.name} ${address} 1200 session$`), since.get(one)));
    }
  }
  await Promise.all(waits);
}

/** From here on only what is said later counts. */
function mark(some: readonly Neighbour[]): ReadonlyMap<Neighbour, number> {
  return new Map(some.map((one) => [one, one.said]));
}

function begin(some: readonly Neighbour[]): void {
  for (const one of some) one.signal('SIGUSR2');
}

async function runPhases(context: { diagnostic(text: string): void }, lan: NamespaceLan): Promise<void> {
  const startMs = performance.now();
  const took = (what: string, sinceMs: number): void =>
    context.diagnostic(`${what}: ${Math.round(performance.now() - sinceMs)} ms`);
  const phase = async (what: string, run: () => Promise<void>): Promise<void> => {
    const phaseMs = performance.now();
    try {
      await run();
    } catch (problem) {
      throw new Error(`In the phase "${what}"`, { cause: problem });
    }
    took(what, phaseMs);
  };

  for (const [index, host] of lan.hosts.entries()) await host.plug('eth0', 'br0', [`10.77.0.${index + 1}/24`]);
  took('LAN of three namespaces', startMs);
  const [alice, bob, carol] = NAMES.map((name) => new Neighbour(name, lan.host(name)));
  assert.ok(alice && bob && carol);
  const all = [alice, bob, carol];
  await phase('programs started', async () => {
    await Promise.all(all.map((one) => one.hear(new RegExp(`^ready ${SESSION_PORT}$`))));
  });

  await phase('all hear each other by IPv4 and by IPv6 of the link', async () => {
    const since = mark(all);
    begin(all);
    await Promise.all([allHear(all, IPV4, since), allHear(all, LINK, since)]);
  });

  await phase('a switch that floods no multicast: broadcast is enough', async () => {
    for (const one of all) await one.host.setPort('eth0', 'mcast_flood', false);
    const since = mark(all);
    begin(all);
    await allHear(all, IPV4, since);
    // Nothing by IPv6, which has multicast alone, shows that the switch did as told.
    for (const one of all) assert.equal(one.count(new RegExp(`^heard \\w+ ${LINK}$`), since.get(one) ?? 0), 0);
    for (const one of all) await one.host.setPort('eth0', 'mcast_flood', true);
  });

  await phase('a switch that floods no broadcast: multicast is enough', async () => {
    // An address is asked for by broadcast, too, so it has to be known: as in any LAN after the first minute.
    for (const one of all) await one.host.setPort('eth0', 'bcast_flood', false);
    const since = mark(all);
    begin(all);
    await allHear(all, IPV4, since);
    for (const one of all) await one.host.setPort('eth0', 'bcast_flood', true);
  });

  await phase('a port that gets neither hears nobody, while the others hear each other', async () => {
    await carol.host.setPort('eth0', 'mcast_flood', false);
    await carol.host.setPort('eth0', 'bcast_flood', false);
    const since = mark(all);
    begin(all);
    await Promise.all([allHear([alice, bob], IPV4, since), allHear([alice, bob], LINK, since)]);
    await alice.hear(/^heard carol/, since.get(alice));
    assert.equal(carol.count(/^heard/, since.get(carol) ?? 0), 0);
    await carol.host.setPort('eth0', 'mcast_flood', true);
    await carol.host.setPort('eth0', 'bcast_flood', true);
  });

  await phase('no IPv4 at all: IPv6 of the link is enough', async () => {
    const since = mark(all);
    for (const one of all) await one.host.ip('addr', 'flush', 'dev', 'eth0', 'scope', 'global');
    await Promise.all(all.map((one) => one.hear(/^interfaces changed (?!.*10\.77)/, since.get(one))));
    const later = mark(all);
    begin(all);
    await allHear(all, LINK, later);
    assert.deepEqual(
      all.map((one) => one.count(new RegExp(`^heard \\w+ ${IPV4}$`), later.get(one) ?? 0)),
      [0, 0, 0],
    );
  });

  await phase('an address that comes is announced by itself', async () => {
    const since = mark(all);
    for (const [index, one] of all.entries())
      await one.host.ip('addr', 'add', `10.77.0.${index + 11}/24`, 'brd', '+', 'dev', 'eth0');
    await allHear(all, String.raw`10\.77\.0\.1\d`, since);
  });

  await phase('an interface that is pulled out and plugged in again', async () => {
    const since = mark(all);
    await carol.host.pull('eth0');
    await carol.hear(/^interfaces changed (?!.*10\.77)/, since.get(carol));
    const later = mark(all);
    await carol.host.plug('eth0', 'br0', ['10.77.0.33/24']);
    await carol.hear(/^interfaces changed .*10\.77\.0\.33/, later.get(carol));
    // Carol announces by herself. That she hears the others again shows that she joined again.
    await Promise.all([alice, bob].map((one) => one.hear(/^heard carol 10\.77\.0\.33$/, later.get(one))));
    begin([alice, bob]);
    await allHear(all, IPV4, later);
    await allHear(all, LINK, later);
  });

  await phase('a second interface', async () => {
    const since = mark([alice, bob]);
    await alice.host.plug('eth1', 'br1', ['10.88.0.1/24']);
    await bob.host.plug('eth1', 'br1', ['10.88.0.2/24']);
    await allHear([alice, bob], String.raw`10\.88\.0\.\d`, since);
    assert.equal(carol.count(/10\.88/, 0), 0);
  });

  await phase('packets of 1,280 bytes', async () => {
    for (const one of all) await one.host.setMtu('eth0', 1280);
    const since = mark(all);
    begin(all);
    await allHear(all, IPV4, since);
    await allHear(all, LINK, since);
  });

  await phase('the network check in a LAN that is well, with packets too small, and in none', async () => {
    carol.signal('SIGHUP');
    const well = await carol.hear(/^findings /);
    assert.equal(well, 'findings session-port:ok discovery-port:ok no-network:ok echo:ok isolation:ok');
    const since = mark([carol]);
    await carol.host.setMtu('eth0', 1200);
    carol.signal('SIGHUP');
    assert.match(await carol.hear(/^findings /, since.get(carol)), /^findings mtu:problem /);
    const later = mark([carol]);
    await carol.host.pull('eth0');
    carol.signal('SIGHUP');
    assert.match(await carol.hear(/^findings /, later.get(carol)), /^findings no-network:problem /);
  });
  took('all', startMs);
}

test('three machines on one LAN find each other without an address typed', async (context) => {
  const opened = await openNamespaceLan(NAMES, ['br0', 'br1']);
  if (!opened.ok) return context.skip(opened.why);
  try {
    await runPhases(context, opened.value);
  } finally {
    await opened.value.close();
  }
});
