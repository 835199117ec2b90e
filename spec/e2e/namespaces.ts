/**
 * A LAN of network namespaces (Linux, root): hosts joined by bridges that stand in a namespace of their own, so that this
 * machine's own network is never touched. Interfaces can be plugged, pulled, slowed to another MTU or kept from hearing
 * multicast while programs run. All of it goes when it is closed, when the test ends, or at the next start.
 */
import { execFileSync } from 'node:child_process';
import { sendSignal, isRunning, runCommand, startProcess } from './processes.ts';
import type { Running } from './processes.ts';
import { programExists } from '../../overlay/runtime/system-libraries.mjs';

/** Longer device names are none (IFNAMSIZ). */
const DEVICE_NAME_LIMIT = 15;
const NAMESPACE_PATTERN = /^lk(\d+)-/;

/** How a switch treats what it does not know the place of, for each of its ports; see bridge(8). */
export type PortOption = 'mcast_flood' | 'bcast_flood' | 'isolated';

export interface NamespaceHost {
  readonly name: string;
  /** Starts a program there. Ended with the LAN, if not before. */
  start(command: string, args: readonly string[]): Running;
  /** Plugs a device into a bridge, up, with addresses such as `10.77.0.1/24`. */
  plug(device: string, bridge: string, addresses: readonly string[]): Promise<void>;
  /** Takes a device away, as when an adapter is pulled out. */
  pull(device: string): Promise<void>;
  /** `ip` with these arguments, there. */
  ip(...args: readonly string[]): Promise<string>;
  setMtu(device: string, bytes: number): Promise<void>;
  /** Sets an option of the switch's port at the other end of the device's cable. */
  setPort(device: string, option: PortOption, isOn: boolean): Promise<void>;
}

export interface NamespaceLan {
  host(name: string): NamespaceHost;
  readonly hosts: readonly NamespaceHost[];
  close(): Promise<void>;
}

export type NamespaceResult =
  { readonly ok: true; readonly value: NamespaceLan } | { readonly ok: false; readonly why: string };

function ip(args: readonly string[]): Promise<string> {
  return runCommand('ip', args, process.env);
}

/** @param hosts and @param bridges names of letters and digits. A machine that allows no namespaces is a value with a word. */
export async function openNamespaceLan(
  hosts: readonly string[],
  bridges: readonly string[] = ['br0'],
): Promise<NamespaceResult> {
  if (process.getuid?.() !== 0) return { ok: false, why: 'network namespaces need root' };
  if (!programExists('ip')) return { ok: false, why: 'network namespaces need iproute2' };
  await sweep();
  const lan = new Lan();
  try {
    await lan.build(hosts, bridges);
    return { ok: true, value: lan };
  } catch (problem) {
    await lan.close();
    const why = problem instanceof Error ? problem.message : String(problem);
    return { ok: false, why: `this kernel allows no network namespaces: ${why.trim()}` };
  }
}

/** Removes what a test left that was killed before it could. */
async function sweep(): Promise<void> {
  for (const line of (await ip(['netns', 'list'])).split('\n')) {
    const name = line.split(' ')[0] ?? '';
    const owner = NAMESPACE_PATTERN.exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) await removeNamespace(name);
  }
}

/** Its programs first: a namespace lives on while one runs in it. */
async function removeNamespace(name: string): Promise<void> {
  for (const pid of (await ip(['netns', 'pids', name])).split('\n').filter((line) => line !== ''))
    sendSignal(Number(pid), 'SIGKILL');
  await ip(['netns', 'del', name]);
}

class Lan implements NamespaceLan {
  readonly #hosts = new Map<string, Host>();
  readonly #namespaces: string[] = [];
  readonly #onExit = (): void => {
    for (const name of this.#namespaces) execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  };

  get hosts(): readonly NamespaceHost[] {
    return [...this.#hosts.values()];
  }

  host(name: string): NamespaceHost {
    const host = this.#hosts.get(name);
    if (host === undefined) throw new RangeError(`Expected a host of this LAN but received ${name}`);
    return host;
  }

  async build(hosts: readonly string[], bridges: readonly string[]): Promise<void> {
    // A last resort, where the test ends without closing.
    process.once('exit', this.#onExit);
    const centre = await this.#add('switch');
    for (const bridge of bridges) {
      await ip(['-n', centre, 'link', 'add', bridge, 'type', 'bridge']);
      await ip(['-n', centre, 'link', 'set', bridge, 'up']);
    }
    for (const name of hosts) {
      const namespace = await this.#add(name);
      await ip(['-n', namespace, 'link', 'set', 'lo', 'up']);
      this.#hosts.set(name, new Host(name, namespace, centre));
    }
  }

  async close(): Promise<void> {
    process.off('exit', this.#onExit);
    await Promise.all([...this.#hosts.values()].map((host) => host.endAll()));
    for (const namespace of this.#namespaces.splice(0)) await removeNamespace(namespace);
  }

  async #add(name: string): Promise<string> {
    const namespace = `lk${process.pid}-${name}`;
    await ip(['netns', 'add', namespace]);
    this.#namespaces.push(namespace);
    return namespace;
  }
}

class Host implements NamespaceHost {
  readonly name: string;
  readonly #namespace: string;
  readonly #centre: string;
  readonly #running: Running[] = [];

  constructor(name: string, namespace: string, centre: string) {
    this.name = name;
    this.#namespace = namespace;
    this.#centre = centre;
  }

  start(command: string, args: readonly string[]): Running {
    const running = startProcess('ip', ['netns', 'exec', this.#namespace, command, ...args], process.env);
    this.#running.push(running);
    return running;
  }

  async endAll(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((running) => running.kill()));
  }

  async plug(device: string, bridge: string, addresses: readonly string[]): Promise<void> {
    const port = this.#port(device);
    const peer = ['type', 'veth', 'peer', 'name', device, 'netns', this.#namespace];
    await ip(['-n', this.#centre, 'link', 'add', port, ...peer]);
    await ip(['-n', this.#centre, 'link', 'set', port, 'master', bridge, 'up']);
    for (const address of addresses) await this.ip('addr', 'add', address, 'brd', '+', 'dev', device);
    await this.ip('link', 'set', device, 'up');
  }

  async pull(device: string): Promise<void> {
    await this.ip('link', 'del', device);
  }

  ip(...args: readonly string[]): Promise<string> {
    return ip(['-n', this.#namespace, ...args]);
  }

  async setMtu(device: string, bytes: number): Promise<void> {
    await ip(['-n', this.#centre, 'link', 'set', this.#port(device), 'mtu', String(bytes)]);
    await this.ip('link', 'set', device, 'mtu', String(bytes));
  }

  async setPort(device: string, option: PortOption, isOn: boolean): Promise<void> {
    const setting = ['type', 'bridge_slave', option, isOn ? 'on' : 'off'];
    await ip(['-n', this.#centre, 'link', 'set', this.#port(device), ...setting]);
  }

  #port(device: string): string {
    const port = `p-${this.name}-${device}`;
    if (port.length > DEVICE_NAME_LIMIT)
      throw new RangeError(`Expected at most ${DEVICE_NAME_LIMIT} letters for the port but received ${port}`);
    return port;
  }
}
