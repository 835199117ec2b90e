/** What the traffic so far tells: refused sends, silence of all others, doubled addresses, clocks that differ. */
import type { DatagramCounters } from '../transport/index.ts';
import type { Finding } from './finding.ts';

/** With beacons every 30 s from every peer, silence means something only after a while. */
export const SILENCE_COUNTS_MS = 90_000;
const EPOCH_MINUTES = 15;
/** Epochs apart: one may be but a second on either side of its end. */
const EPOCHS_APART = 2;

export interface TrafficFacts {
  readonly counters: DatagramCounters;
  /** Since the sockets were opened, or the machine woke. */
  readonly listenedMs: number;
  /** Whether anybody should be heard: a peer that is not connected, or nearby is on. */
  readonly isAnyExpected: boolean;
  /** Whether any announcement came back on a LAN. */
  readonly isEchoHeard: boolean;
  /** `OwnBeacons`. */
  readonly doubles: readonly string[];
  readonly repeaters: readonly string[];
  /** For each peer whose beacon or hint was read: its epoch less this machine's. */
  readonly epochOffsets: readonly number[];
}

/** @param advice about firewalls. */
export function judgeTraffic(facts: TrafficFacts, advice: string): readonly Finding[] {
  return [
    ...judgeRefusals(facts, advice),
    ...judgeSilence(facts),
    ...judgeDoubles(facts),
    ...judgeRepeaters(facts),
    ...judgeClock(facts),
  ];
}

/** Linux' firewall answers EPERM, Windows' EACCES; a broadcast that is not allowed, too. */
function judgeRefusals({ counters }: TrafficFacts, advice: string): readonly Finding[] {
  const refused = ['EPERM', 'EACCES'].filter((code) => counters.errors.has(`send ${code}`));
  if (refused.length === 0) return [];
  const count = refused.reduce((sum, code) => sum + (counters.errors.get(`send ${code}`) ?? 0), 0);
  const message = `The system refused to send ${count} datagrams (${refused.join(', ')}): a firewall forbids it. ${advice}`;
  return [{ kind: 'refused', severity: counters.sent === 0 ? 'problem' : 'warning', message }];
}

function judgeSilence({ counters, listenedMs, isAnyExpected, isEchoHeard }: TrafficFacts): readonly Finding[] {
  const kind = 'isolation';
  if (counters.receivedForeign > 0) return [{ kind, severity: 'ok', message: 'Other devices are heard.' }];
  // Without an echo the firewall is the culprit, and that is said already.
  if (!isAnyExpected || !isEchoHeard || listenedMs < SILENCE_COUNTS_MS) return [];
  const message =
    `In ${Math.round(listenedMs / 60_000)} minutes no other device with Lobbykeep was heard. If your peers have it running in ` +
    'this network, the network keeps devices apart: guest Wi-Fi does, and routers with "AP isolation" or "client ' +
    'isolation" on. Use the main Wi-Fi or a cable, switch that off, or have a peer type your address.';
  return [{ kind, severity: 'warning', message }];
}

function judgeDoubles({ doubles }: TrafficFacts): readonly Finding[] {
  if (doubles.length === 0) return [];
  const message =
    `Another device seems to use this machine's address ${doubles.join(', ')}: a beacon came from it that was not sent ` +
    'here. Connect to the network again so that the router gives another, and see to addresses that were set by hand.';
  return [{ kind: 'address-doubled', severity: 'warning', message }];
}

function judgeRepeaters({ repeaters }: TrafficFacts): readonly Finding[] {
  if (repeaters.length === 0) return [];
  const message =
    `${repeaters.join(', ')} repeats this machine's beacons, as some routers do between their networks. Peers do not ` +
    'take a repeated beacon: who is behind there must type your address.';
  return [{ kind: 'beacon-repeated', severity: 'warning', message }];
}

/** Says whose clock is probably wrong: the one that differs from most. */
function judgeClock({ epochOffsets }: TrafficFacts): readonly Finding[] {
  const sorted = epochOffsets.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const apart = sorted.filter((offset) => Math.abs(offset) >= EPOCHS_APART);
  if (apart.length === 0) return [];
  const hours = Math.round((Math.abs(middle) * EPOCH_MINUTES) / 6) / 10;
  const isOwn = sorted.length > 1 && Math.abs(middle) >= EPOCHS_APART;
  const message = isOwn
    ? `This machine's clock is about ${hours === 1 ? 'an hour' : `${hours} hours`} ${middle > 0 ? 'behind' : 'ahead of'} those of most peers. Beyond 12 ` +
      'hours they are not found any more: let the system set the time by itself.'
    : `The clocks of ${apart.length} of ${sorted.length} peers and this machine's are far apart. Beyond 12 hours they are not ` +
      'found any more: let the system set the time by itself, here and there.';
  return [{ kind: 'clock', severity: 'warning', message }];
}
