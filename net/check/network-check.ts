/**
 * The network check: looks at the sockets, the interfaces and the traffic so far, sends a few beacons to itself, and names
 * the culprit in sentences. Behind `lobbykeep doctor` and the overlay's network check; takes about a second.
 */
import type { OwnBeacons } from '../discovery/index.ts';
import type { Datagrams, LocalAddress, SocketReport } from '../transport/index.ts';
import type { Clock, RandomBytes } from '../world.ts';
import { judgeEchoes } from './echo-findings.ts';
import { EchoProbe } from './echo-probe.ts';
import type { Finding, Severity } from './finding.ts';
import { firewallAdvice } from './firewall-advice.ts';
import { judgeInterfaces } from './interface-findings.ts';
import { judgeSockets } from './socket-findings.ts';
import type { SystemFacts } from './system-facts.ts';
import { judgeTraffic } from './traffic-findings.ts';

export interface NetworkCheckParts {
  readonly datagrams: Datagrams & { report(): SocketReport };
  /** That of the running program; null where it sends none, as in `lobbykeep doctor`. */
  readonly own: OwnBeacons | null;
  readonly system: SystemFacts;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly platform: NodeJS.Platform;
  /** Resolves after so many ms. */
  readonly wait: (durationMs: number) => Promise<void>;
}

/** What only the running program knows. */
export interface NetworkSituation {
  /** Whether anybody should be heard: a peer that is not connected, or nearby is on. */
  readonly isAnyExpected: boolean;
  /** For each peer whose beacon or hint was read: its epoch less this machine's. */
  readonly epochOffsets: readonly number[];
}

const SEVERITY_ORDER: readonly Severity[] = ['problem', 'warning', 'ok'];

export class NetworkCheck {
  readonly #parts: NetworkCheckParts;
  readonly #probe: EchoProbe;
  #interfaces: readonly LocalAddress[] = [];
  #listeningSinceMs: number;
  #running: Promise<readonly Finding[]> | null = null;

  /** Takes one listener of each kind of `datagrams`, for good: make one, run it often. */
  constructor(parts: NetworkCheckParts) {
    this.#parts = parts;
    const { clock, datagrams, own, random } = parts;
    this.#listeningSinceMs = clock.elapsedMs();
    this.#probe = new EchoProbe(datagrams, random, own);
    datagrams.onInterfaces((interfaces, reason) => {
      this.#interfaces = interfaces;
      if (reason === 'woke') this.#listeningSinceMs = clock.elapsedMs();
    });
  }

  /** The findings, problems first. A check that is asked for while one runs is that one. */
  run(situation: NetworkSituation): Promise<readonly Finding[]> {
    this.#running ??= this.#run(situation).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(situation: NetworkSituation): Promise<readonly Finding[]> {
    const { clock, datagrams, own, platform, system, wait } = this.#parts;
    datagrams.rescan();
    const [routeSource, mtuBytes, echoes] = await Promise.all([
      system.routeSource(),
      this.#readMtu(),
      this.#probe.run(wait),
    ]);
    const report = datagrams.report();
    const advice = firewallAdvice(platform, report.sessionPort, report.discoveryPort);
    const findings = [
      ...judgeSockets(report),
      ...judgeInterfaces({ interfaces: this.#interfaces, routeSource, mtuBytes }),
      ...judgeEchoes(echoes, report, advice),
      ...judgeTraffic(
        {
          ...situation,
          counters: datagrams.counters,
          listenedMs: clock.elapsedMs() - this.#listeningSinceMs,
          isEchoHeard: echoes.some((echo) => echo.isHeard && echo.from.kind === 'lan'),
          doubles: own?.doubles ?? [],
          repeaters: own?.repeaters ?? [],
        },
        advice,
      ),
    ];
    return findings.toSorted((a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity));
  }

  async #readMtu(): Promise<ReadonlyMap<string, number>> {
    const names = new Set(this.#interfaces.filter((each) => !each.isInternal).map((each) => each.interfaceName));
    const found = new Map<string, number>();
    for (const name of names) {
      const bytes = await this.#parts.system.mtuBytes(name);
      if (bytes !== null) found.set(name, bytes);
    }
    return found;
  }
}
