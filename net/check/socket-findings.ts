/** What the sockets themselves tell: ports that were taken, families that are missing, one address only. */
import type { SocketReport } from '../transport/index.ts';
import type { Finding } from './finding.ts';

export function judgeSockets(report: SocketReport): readonly Finding[] {
  return [judgeSession(report), judgeDiscovery(report), ...judgeBinding(report)];
}

function judgeSession({ sessionPort, wantedPort, session }: SocketReport): Finding {
  const kind = 'session-port';
  const closed = session.filter((socket) => socket.failure !== null);
  if (session.length > 0 && closed.length === session.length) {
    const message =
      `UDP port ${sessionPort} was lost (${closed[0]?.failure ?? 'closed'}) and is being opened again. ` +
      'If this stays, another program took it: close that one or start Lobbykeep again.';
    return { kind, severity: 'problem', message };
  }
  if (wantedPort !== 0 && sessionPort !== wantedPort) {
    const message =
      `UDP port ${wantedPort} is taken by another program, perhaps a second Lobbykeep; port ${sessionPort} is used. ` +
      'Peers find it by themselves; only who typed your address must type the port, too.';
    return { kind, severity: 'warning', message };
  }
  const families = session.filter((socket) => socket.failure === null).map((socket) => socket.family);
  if (closed.length > 0) {
    const message =
      `UDP port ${sessionPort} was lost for ${closed[0]?.family ?? 'one family'} (${closed[0]?.failure ?? 'closed'}) and is ` +
      `being opened again; ${families.join(' and ')} works. If this stays, close the program that took it.`;
    return { kind, severity: 'warning', message };
  }
  return { kind, severity: 'ok', message: `UDP port ${sessionPort} is open (${families.join(' and ')}).` };
}

function judgeDiscovery({ discoveryPort, discovery }: SocketReport): Finding {
  const kind = 'discovery-port';
  const closed = discovery.filter((socket) => socket.failure !== null);
  if (closed.length === 0) return { kind, severity: 'ok', message: `UDP port ${discoveryPort} hears beacons.` };
  const named = closed.map(({ family, failure }) => `${family}: ${failure ?? 'closed'}`).join(', ');
  if (closed.length < discovery.length) {
    const message = `UDP port ${discoveryPort} hears beacons of one family only (${named}). That is enough in most homes.`;
    return { kind, severity: 'warning', message };
  }
  const message =
    `UDP port ${discoveryPort} cannot be had (${named}), so beacons of others are not heard; it is tried again and again. ` +
    'Close the program that holds it. Until then, peers who hear yours still find you.';
  return { kind, severity: 'problem', message };
}

function judgeBinding({ boundTo }: SocketReport): readonly Finding[] {
  if (boundTo === null) return [];
  const message =
    `Lobbykeep was started for the address ${boundTo} alone: other networks of this machine are not used. ` +
    'Start it without --bind to use all.';
  return [{ kind: 'bound', severity: 'warning', message }];
}
