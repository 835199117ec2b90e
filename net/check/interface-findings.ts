/** What the interfaces tell: no network, only a VPN, the way out through a VPN, no address server, packets too small. */
import { isLinkLocal } from '../transport/index.ts';
import type { LocalAddress } from '../transport/index.ts';
import type { Finding } from './finding.ts';

/** IPv4 and UDP heads and the longest datagram: 20 + 8 + 1,200. Source: spec/PROTOCOL.md, *Sockets and ports*. */
export const LEAST_MTU_BYTES = 1228;

export interface InterfaceFacts {
  readonly interfaces: readonly LocalAddress[];
  /** The address from which this machine would reach the internet; null where it would not. */
  readonly routeSource: string | null;
  /** By the interface's name; without those whose MTU the platform does not tell. */
  readonly mtuBytes: ReadonlyMap<string, number>;
}

export function judgeInterfaces(facts: InterfaceFacts): readonly Finding[] {
  return [judgePresence(facts), ...judgeRoute(facts), ...judgeAddresses(facts), ...judgeMtu(facts)];
}

function isLan(address: LocalAddress): boolean {
  return address.kind === 'lan';
}

function judgePresence({ interfaces }: InterfaceFacts): Finding {
  const kind = 'no-network';
  const lan = interfaces.filter(isLan);
  if (lan.length > 0) {
    const named = [...new Set(lan.map((address) => address.interfaceName))].join(', ');
    return { kind, severity: 'ok', message: `In the local network by ${named}.` };
  }
  const others = interfaces.filter((address) => !address.isInternal);
  if (others.length === 0) {
    const message = 'This machine is in no network: connect it to the Wi-Fi or the cable that your peers use.';
    return { kind, severity: 'problem', message };
  }
  const named = [...new Set(others.map(({ interfaceName, kind }) => `${interfaceName} (${describe(kind)})`))].join(
    ', ',
  );
  const message =
    `Of this machine's networks none looks like a local one: ${named}. Peers are found only if they are in there, too; ` +
    'else connect to their Wi-Fi or cable.';
  return { kind, severity: 'problem', message };
}

function describe(kind: LocalAddress['kind']): string {
  return kind === 'vpn' ? 'a VPN' : kind === 'virtual' ? 'containers or virtual machines' : 'a link to one machine';
}

function judgeRoute({ interfaces, routeSource }: InterfaceFacts): readonly Finding[] {
  const way = interfaces.find((address) => address.address === routeSource);
  if (way === undefined || (way.kind !== 'vpn' && way.kind !== 'point-to-point')) return [];
  const message =
    `This machine's traffic leaves by ${way.interfaceName}, which looks like a VPN. Many VPNs cut off the local network: ` +
    'if peers are not found, allow "local network" or "LAN" in its settings, or disconnect it while you play.';
  return [{ kind: 'vpn', severity: 'warning', message }];
}

/** 169.254.0.0/16 on a LAN: nobody gave this machine an address. Works only among machines in the same straits. */
function judgeAddresses({ interfaces }: InterfaceFacts): readonly Finding[] {
  const lan = interfaces.filter((address) => isLan(address) && address.family === 'IPv4');
  const own = lan.filter((address) => isLinkLocal(address.address));
  if (own.length === 0 || own.length < lan.length) return [];
  const message =
    `${own[0]?.interfaceName ?? 'The network'} gave this machine no address (it took ${own[0]?.address ?? 'one'} itself). ` +
    'Check the cable and the router, then connect again.';
  return [{ kind: 'self-assigned', severity: 'warning', message }];
}

function judgeMtu({ interfaces, mtuBytes }: InterfaceFacts): readonly Finding[] {
  const names = new Set(interfaces.filter((address) => !address.isInternal).map((address) => address.interfaceName));
  return [...names].flatMap((name) => {
    const bytes = mtuBytes.get(name);
    if (bytes === undefined || bytes >= LEAST_MTU_BYTES) return [];
    const message =
      `${name} carries packets of at most ${bytes} bytes, and Lobbykeep's need ${LEAST_MTU_BYTES}: they are cut in pieces ` +
      'or lost. Raise its MTU to 1,280 or more.';
    return [{ kind: 'mtu', severity: 'problem', message } satisfies Finding];
  });
}
