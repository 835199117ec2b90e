/** What it means that announcements came back to this machine, or did not. */
import type { LocalAddress, SocketReport } from '../transport/index.ts';
import type { Echo } from './echo-probe.ts';
import type { Finding } from './finding.ts';

const kind = 'echo';

/** One finding an IPv4 address of the LAN, or an IPv6 one where the interface has no IPv4. @param advice about firewalls. */
export function judgeEchoes(echoes: readonly Echo[], report: SocketReport, advice: string): readonly Finding[] {
  // Where the port could not be had nothing can come back, and that is said already.
  const open = report.discovery.filter((socket) => socket.failure === null);
  const hearing = new Set(open.map((socket) => socket.family));
  const heard = echoes.filter(({ from }) => from.kind === 'lan' && hearing.has(from.family));
  const withIpv4 = new Set(heard.filter(({ from }) => from.family === 'IPv4').map(({ from }) => from.interfaceName));
  const judged = heard.filter(({ from }) => from.family === 'IPv4' || !withIpv4.has(from.interfaceName));
  const places = new Set(judged.map((echo) => echo.from));
  return [...places].map((from) => {
    const ofPlace = judged.filter((echo) => echo.from === from);
    return judgePlace(from, ofPlace, advice);
  });
}

function judgePlace(from: LocalAddress, echoes: readonly Echo[], advice: string): Finding {
  const place = `${from.interfaceName} (${from.address})`;
  const lost = echoes.filter((echo) => !echo.isHeard).map((echo) => echo.way);
  if (lost.length === 0) return { kind, severity: 'ok', message: `Announcements come back on ${place}.` };
  if (lost.length === echoes.length) {
    const message =
      `No announcement comes back on ${place}: a firewall on this machine most likely drops them, and with them the ` +
      `beacons of your peers. ${advice}`;
    return { kind, severity: 'problem', message };
  }
  const [broken, whole] = lost[0] === 'multicast' ? ['Multicast', 'broadcast'] : ['Broadcast', 'multicast'];
  const message =
    `${broken} does not come back on ${place}, ${whole} does: peers are found by that. If one is not, a firewall or the ` +
    `router's Wi-Fi settings ("IGMP snooping", "multicast filter") are where to look. ${advice}`;
  return { kind, severity: 'warning', message };
}
