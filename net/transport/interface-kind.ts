/**
 * What a network interface probably is, guessed from its name and address: no platform tells it without asking outside
 * of Node. Only the network check's sentences and the order of announcements depend on the guess, never whether one is
 * made: people do play over a VPN.
 */

/** `point-to-point`: a subnet of one or two addresses. `virtual`: a bridge to containers or virtual machines. */
export type InterfaceKind = 'lan' | 'loopback' | 'vpn' | 'virtual' | 'point-to-point';

/** Tunnels: device names of Linux and macOS, then names of adapters on Windows. */
const VPN_NAMES = [
  /^(tun|tap|wg|utun|ipsec|ppp|ham|nordlynx|nordtun|proton|pvpn|mullvad|cscotun|gpd|tailscale)([-_\d]|$)/i,
  // ZeroTier's on Linux: zt and eight letters or digits made from the network's number.
  /^zt[0-9a-z]{8}$/,
  /vpn|wireguard|tailscale|zerotier|hamachi|radmin|nordlynx|mullvad|anyconnect|globalprotect|wintun|tap-windows/i,
];

/** Bridges to containers and virtual machines, and links of Apple's own between its devices (awdl, llw, anpi). */
const VIRTUAL_NAMES = [
  /^(docker|podman|cni|flannel|cali|lxc|lxd|lxcbr|lxdbr|incusbr|virbr|vboxnet|vmnet|vnet|dummy|ifb|awdl|llw|anpi)[-.\d]/i,
  /^(veth|cali)[0-9a-f]/,
  /^br-[0-9a-f]{12}$/,
  // macOS puts its virtual machines on bridges from 100; a bridge below may be one that the user made of real ports.
  /^bridge1\d\d$/,
  // A switch of Hyper-V that is joined to a real adapter is named by the user: only the known inner ones are virtual.
  /^vEthernet \((WSL|Default Switch|DockerNAT|nat)/i,
  /virtualbox|vmware|docker|bluetooth|^local area connection\*/i,
];

/**
 * @param name of the interface, as `os.networkInterfaces()` has it.
 * @param netmask in dots for IPv4; that of an IPv6 address tells nothing and is not looked at.
 */
export function guessInterfaceKind(name: string, netmask: string, isInternal: boolean): InterfaceKind {
  if (isInternal) return 'loopback';
  // Windows' own names may hold both: `VMware Network Adapter VMnet8` is no VPN.
  if (VIRTUAL_NAMES.some((pattern) => pattern.test(name))) return 'virtual';
  if (VPN_NAMES.some((pattern) => pattern.test(name))) return 'vpn';
  return netmask === '255.255.255.255' || netmask === '255.255.255.254' ? 'point-to-point' : 'lan';
}
