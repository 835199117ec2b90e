/** What befalls the devices of a run: bad LANs, cut ways, clocks that jump, plugs that are pulled, sleep, full disks. */
import type { Chance } from './world/chance.ts';
import type { Device } from './world/device.ts';
import type { Lan, Plug, Weather } from './world/lan.ts';

export interface MishapsOptions {
  readonly chance: Chance;
  readonly lan: Lan;
  readonly devices: readonly Device[];
  readonly say: (sentence: string) => void;
}

/** One of the devices; of those that run, unless said. Null where there is none. */
export function anybody(
  { devices, chance }: Pick<MishapsOptions, 'devices' | 'chance'>,
  isRunning = true,
): Device | null {
  const running = devices.filter((device) => !isRunning || device.isRunning);
  return running.length === 0 ? null : chance.pick(running);
}

export class Mishaps {
  readonly #options: MishapsOptions;

  constructor(options: MishapsOptions) {
    this.#options = options;
  }

  weather(): void {
    const { chance, lan, say } = this.#options;
    const lossShare = chance.pick([0, 0, 0.05, 0.15, 0.4]);
    const delay = chance.pick([0.3, 2, 20, 200]);
    const weather: Weather = {
      lossShare,
      duplicateShare: chance.pick([0, 0, 0.1, 0.3]),
      damageShare: chance.pick([0, 0, 0.02]),
      delayMs: [delay * chance.between(0, 1), delay * chance.between(1, 3)],
    };
    const segment = chance.whole(0, 1);
    say(`the weather of ${segment} is ${JSON.stringify(weather)}`);
    lan.setWeather(segment, weather);
  }

  cut(): void {
    const { chance, lan, devices, say } = this.#options;
    const [one, ...others] = chance.shuffle(devices);
    if (one === undefined) return;
    const isAll = chance.happens(0.3);
    for (const other of others.slice(0, isAll ? others.length : 1)) {
      say(`${one.name} and ${other.name} are cut`);
      lan.cut(one.machine, other.machine);
      if (chance.happens(0.8)) lan.cut(other.machine, one.machine);
    }
  }

  heal(): void {
    this.#options.say('the LAN heals');
    this.#options.lan.heal();
  }

  clock(): void {
    const { chance, say } = this.#options;
    const device = anybody(this.#options, false);
    if (device === null) return;
    const unit = chance.pick([2_000, 60_000, 3_600_000, 86_400_000, 31_536_000_000]);
    device.clockErrorMs = Math.round(chance.between(-3, 3) * unit);
    say(`the clock of ${device.name} jumps to ${device.clockErrorMs / 1_000} s`);
  }

  replug(): void {
    const { chance, lan, say } = this.#options;
    const device = anybody(this.#options, false);
    if (device === null) return;
    const plugs: Plug[] = [];
    if (chance.happens(0.85)) plugs.push(lan.freshPlug('eth0', chance.pick([0, 0, 1]), chance.happens(0.5)));
    if (chance.happens(0.3)) plugs.push(lan.freshPlug('wlan0', chance.pick([0, 1]), false));
    const kept = chance.happens(0.3) ? device.machine.plugs.slice(0, 1) : [];
    const all = [...kept, ...plugs].filter(({ name }, at, list) => list.findIndex((plug) => plug.name === name) === at);
    say(`${device.name} is at ${all.map(({ address }) => address).join() || 'no address'}`);
    device.machine.replug(all);
  }

  sleep(): void {
    const { chance, lan, say } = this.#options;
    const device = anybody(this.#options);
    if (device === null || device.machine.isAsleep) return;
    say(`${device.name} sleeps`);
    device.sleep();
    lan.timeline.after(chance.pick([2_000, 60_000, 300_000]), () => {
      if (!device.machine.isAsleep) return;
      say(`${device.name} wakes`);
      device.wake();
    });
  }

  fillDisk(): void {
    const { chance, lan, say } = this.#options;
    const device = anybody(this.#options, false);
    if (device === null) return;
    say(`the disk of ${device.name} is full`);
    device.mood.isFull = true;
    device.mood.syncMs = chance.pick([
      [0.2, 4],
      [5, 60],
      [100, 900],
    ]);
    lan.timeline.after(chance.pick([500, 5_000, 40_000]), () => {
      device.mood.isFull = false;
    });
  }
}
