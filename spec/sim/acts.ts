/** What happens to the devices of a run: what their users do, what the LAN and the power do, and the calm at the end. */
import type { PeerId } from '../../net/peer-id.ts';
import type { Scope } from '../../net/scope/scope.ts';
import { Gaming } from './gaming.ts';
import { Mishaps, anybody } from './mishaps.ts';
import type { Story } from './story.ts';
import type { WireRules } from './wire-rules.ts';
import type { Chance } from './world/chance.ts';
import { worldStartMs } from './world/device.ts';
import type { Device } from './world/device.ts';
import type { Lan } from './world/lan.ts';

export interface ActsOptions {
  readonly chance: Chance;
  readonly lan: Lan;
  readonly devices: readonly Device[];
  readonly story: Story;
  readonly rules: WireRules;
  readonly say: (sentence: string) => void;
}

export class Acts {
  readonly #options: ActsOptions;
  readonly #mishaps: Mishaps;
  readonly #gaming: Gaming;
  readonly #codes = new Map<Device, string>();
  /** Things that users began and that have not come to an end. */
  #pending = 0;
  #names = 0;
  crashes = 0;
  readonly #table: readonly (readonly [weight: number, act: () => void | Promise<void>])[] = [
    [14, () => this.#post()],
    [10, () => this.#gaming.say()],
    [3, () => this.#gaming.revise()],
    [1, () => this.#gaming.delete()],
    [2, () => this.#gaming.endSession()],
    [8, () => this.#scope()],
    [4, () => this.#draw()],
    [6, () => this.#ask()],
    [0.7, () => this.#leave()],
    [2, () => this.#unblock()],
    [2, () => this.#room()],
    [1, () => this.#name()],
    [1, () => this.#code()],
    [1, () => this.#nearby()],
    [8, () => this.#mishaps.weather()],
    [6, () => this.#mishaps.cut()],
    [5, () => this.#mishaps.heal()],
    [6, () => this.#crash()],
    [2, () => this.#stop()],
    [3, () => this.#mishaps.clock()],
    [4, () => this.#mishaps.replug()],
    [2, () => this.#mishaps.sleep()],
    [3, () => this.#mishaps.fillDisk()],
  ];

  constructor(options: ActsOptions) {
    this.#options = options;
    this.#mishaps = new Mishaps(options);
    this.#gaming = new Gaming({ ...options, run: (doing) => this.#run(doing) });
  }

  /** Whether nothing that a user began is still under way. */
  get isIdle(): boolean {
    return this.#pending === 0;
  }

  async begin(): Promise<void> {
    const { devices, lan, chance } = this.#options;
    for (const device of devices) {
      const plugs = [lan.freshPlug('eth0', 0, chance.happens(0.5))];
      if (chance.happens(0.2)) plugs.push(lan.freshPlug('wlan0', chance.whole(0, 1), false));
      device.machine.replug(plugs);
      device.clockErrorMs = chance.whole(-3_600_000, 3_600_000);
      this.#run(device.start());
    }
    await lan.timeline.pass(100);
    for (const device of devices) await this.#makeCode(device);
    for (const [at, device] of devices.entries()) {
      // A ring, so that nobody is alone; some more by chance.
      const next = devices[(at + 1) % devices.length];
      if (next !== undefined) this.#askFor(device, next);
      for (const other of devices) if (other !== device && chance.happens(0.2)) this.#askFor(device, other);
    }
    await lan.timeline.pass(3_000);
  }

  async act(): Promise<void> {
    const { chance } = this.#options;
    const all = this.#table.reduce((sum, [weight]) => sum + weight, 0);
    let place = chance.between(0, all);
    for (const [weight, act] of this.#table) {
      place -= weight;
      if (place < 0) return await act();
    }
  }

  /** Everybody is here, awake and whole, on one good segment, with clocks that go right. */
  async calm(): Promise<void> {
    const { devices, lan, chance, say } = this.#options;
    say('the calm begins');
    lan.heal();
    for (const device of devices) {
      device.mood.isFull = false;
      device.mood.syncMs = [0.2, 4];
      device.clockErrorMs = chance.whole(-600_000, 600_000);
      device.machine.replug([lan.freshPlug('eth0', 0, false)]);
      if (device.machine.isAsleep) device.wake();
      if (!device.isRunning) this.#start(device, 0);
    }
    await lan.timeline.passUntil(() => devices.every(({ isRunning }) => isRunning), 60_000);
    // A scope that the disk refused holds everything back; the user sets one again.
    for (const { from, to } of this.#options.story.directions) {
      if (from.program?.node.link(to.id)?.isScopeChanging === true) this.#setScope(from, to, this.#anyScope());
    }
    await lan.timeline.pass(1_000);
  }

  /** Somebody asks: the user answers after a while. */
  requested(device: Device, peer: PeerId): void {
    const { chance, lan, say, story } = this.#options;
    const other = story.byId(peer);
    say(`${device.name} is asked by ${other?.name ?? peer}`);
    const answer = chance.happens(0.9) ? 'accept' : chance.pick(['once', 'block'] as const);
    lan.timeline.after(chance.between(100, 8_000), () => {
      const { program } = device;
      if (program === null) return;
      say(`${device.name} answers ${other?.name ?? peer}: ${answer}`);
      if (answer === 'accept') this.#run(device.accept(peer));
      else if (answer === 'block') {
        if (other === null) return;
        story.parting(device, other);
        this.#run(device.leave(peer, 'block'), (outcome) => {
          story.parted(device, other);
          if (outcome === 'block') story.forgot(device, other);
        });
      } else this.#run(program.book.decline(peer, 'once'));
    });
  }

  /** Somebody and one of the contacts, or anybody else. */
  #pair(isContact: boolean): readonly [Device, Device] | null {
    const { chance, devices } = this.#options;
    const from = anybody(this.#options);
    if (from === null) return null;
    const others = devices.filter(
      (to) => to !== from && (!isContact || (to.idOrNull !== null && from.program?.book.contact(to.id) !== null)),
    );
    return others.length === 0 ? null : [from, chance.pick(others)];
  }

  async #follow<T>(doing: Promise<T>, done: () => void, act: (value: T) => void): Promise<void> {
    const value = await doing;
    done();
    act(value);
  }

  #run<T>(doing: Promise<T>, then: (value: T) => void = () => {}): void {
    this.#pending += 1;
    let isOpen = true;
    const done = () => {
      if (isOpen) this.#pending -= 1;
      isOpen = false;
    };
    // What a crash took away never answers.
    this.#options.lan.timeline.after(60_000, done);
    void this.#follow(doing, done, then);
  }

  #post(): void {
    const pair = this.#pair(true);
    const [from] = pair ?? [];
    const { story, chance, say } = this.#options;
    const node = from?.program?.node;
    if (pair === null || from === undefined || node === undefined) return;
    const rooms = node.rooms.list().filter(({ members }) => members.length > 1);
    const room = rooms.length > 0 && chance.happens(0.4) ? chance.pick(rooms).room : null;
    const ids = room === null ? [pair[1].id] : node.rooms.others(room);
    const receivers = ids.flatMap((id) => story.byId(id) ?? []);
    for (let count = chance.pick([1, 1, 1, 2, 5]); count > 0; count -= 1) {
      const post = story.posting(from, receivers);
      say(`${from.name} posts "${post.text}" to ${receivers.map(({ name }) => name).join()}`);
      this.#run(node.outbox.post({ text: post.text, room, receivers: ids }), (posted) => {
        if (posted.ok) story.kept(post, posted.value.skipped);
      });
    }
  }

  #scope(): void {
    const pair = this.#pair(true);
    if (pair !== null) this.#setScope(pair[0], pair[1], this.#anyScope());
  }

  #anyScope(): Scope {
    const { chance, lan } = this.#options;
    return {
      share: chance.pick(['none', 'live', 'live', 'history', 'history', 'history']),
      sinceMs: chance.pick([0, worldStartMs, worldStartMs + Math.floor(lan.timeline.nowMs)]),
      games: chance.pick([null, null, null, ['Quake'], ['Xonotic', 'Quake'], []]),
      channels: chance.pick([null, null, null, ['all'], ['team', 'all'], ['team']]),
    };
  }

  #setScope(from: Device, to: Device, scope: Scope): void {
    const { story, say } = this.#options;
    const link = from.program?.node.link(to.id) ?? null;
    if (link === null) return;
    const direction = story.direction(from, to);
    direction.scopes += 1;
    // Tells one scope from another that is alike, without meaning anything.
    const marked = { ...scope, sinceMs: (scope.sinceMs ?? 0) + direction.scopes };
    say(`${from.name} lets ${to.name} see ${JSON.stringify(marked)}`);
    const { oracle } = direction;
    const set = oracle.set(marked, from.log);
    this.#run(link.setScope(marked), (kept) => {
      if (kept.ok) oracle.onDisk(marked);
      else oracle.refused(set);
      say(`${from.name} ${kept.ok ? 'let' : 'could not let'} ${to.name} see`);
    });
  }

  #draw(): void {
    const { story } = this.#options;
    const pair = this.#pair(true);
    if (pair === null) return;
    const [device, other] = pair;
    const ids = device.log.journal.flatMap((entry) =>
      entry.kind === 'message' && entry.from === other.id ? [entry.id] : [],
    );
    const link = device.program?.node.link(other.id) ?? null;
    if (link === null || ids.length === 0) return;
    story.shown(device, ids);
    this.#run(link.markShown(ids));
  }

  #ask(): void {
    const pair = this.#pair(false);
    if (pair !== null) this.#askFor(...pair);
  }

  #askFor(from: Device, to: Device): void {
    const { chance, say } = this.#options;
    const code = this.#codes.get(to);
    if (code === undefined || !from.isRunning) return;
    const [plug] = to.machine.plugs;
    const isTyped = plug !== undefined && chance.happens(0.2);
    const endpoint = isTyped ? { address: plug.address, port: 41_975 } : null;
    this.#run(from.ask(code, endpoint), (outcome) => say(`${from.name} asks ${to.name}: ${outcome}`));
  }

  #leave(): void {
    const { chance, story, say } = this.#options;
    const pair = this.#pair(true);
    if (pair === null) return;
    const [from, to] = pair;
    const how = chance.pick(['remove', 'remove', 'block'] as const);
    say(`${from.name} leaves ${to.name}: ${how}`);
    story.parting(from, to);
    this.#run(from.leave(to.id, how), (outcome) => {
      story.parted(from, to);
      if (outcome === how) story.forgot(from, to);
      say(`${from.name} left ${to.name}: ${outcome}`);
    });
  }

  #unblock(): void {
    const device = anybody(this.#options);
    const refused = device?.program?.book.refused() ?? [];
    const [first] = refused;
    if (device !== null && device.program !== null && first !== undefined)
      this.#run(device.program.book.unblock(first.peer));
  }

  #room(): void {
    const { chance, devices, say } = this.#options;
    const device = anybody(this.#options);
    const rooms = device?.program?.node.rooms;
    if (device === null || rooms === undefined) return;
    const members = devices.flatMap(({ idOrNull }) => (idOrNull !== null && chance.happens(0.7) ? [idOrNull] : []));
    const own = rooms.list().filter(({ maker }) => maker === device.id);
    this.#names += 1;
    const title = `room ${this.#names}`;
    say(`${device.name} names ${members.length} members of ${title}`);
    if (own.length > 0 && chance.happens(0.6)) this.#run(rooms.change(chance.pick(own).room, title, members));
    else if (own.length < 4) this.#run(rooms.make(title, members));
  }

  #name(): void {
    const device = anybody(this.#options);
    const program = device?.program;
    if (device === null || program === null || program === undefined) return;
    this.#names += 1;
    this.#run(program.book.setName(`${device.name} ${this.#names}`), () => {
      if (device.program === program) program.node.nameChanged();
    });
  }

  async #code(): Promise<void> {
    const device = anybody(this.#options);
    if (device !== null) await this.#makeCode(device);
  }

  async #makeCode(device: Device): Promise<void> {
    const { program } = device;
    if (program === null) return;
    const [old] = program.book.tokens();
    if (old !== undefined && this.#options.chance.happens(0.5)) this.#run(program.book.revokeToken(old.token));
    this.#run(program.book.makeToken('friends'), (made) => {
      if (made.ok) this.#codes.set(device, made.value.code);
    });
    await this.#options.lan.timeline.pass(10);
  }

  #nearby(): void {
    const { chance, rules, lan } = this.#options;
    const device = anybody(this.#options);
    if (device === null || device.program === null) return;
    const isOn = chance.happens(0.7);
    rules.nearbyUntilMs.set(device, isOn ? lan.timeline.nowMs + 120_000 : -1);
    device.program.node.setNearby(isOn);
  }

  #crash(): void {
    const { chance, say } = this.#options;
    const device = anybody(this.#options);
    if (device === null) return;
    say(`${device.name} crashes`);
    this.crashes += 1;
    device.crash();
    this.#start(device, chance.pick([10, 500, 3_000, 60_000]));
  }

  #stop(): void {
    const { chance, say } = this.#options;
    const device = anybody(this.#options);
    if (device === null) return;
    say(`${device.name} ends`);
    this.#run(device.stop(), () => this.#start(device, chance.pick([10, 3_000, 60_000])));
  }

  #start(device: Device, delayMs: number): void {
    const { lan, say, story } = this.#options;
    lan.timeline.after(delayMs, () => {
      if (device.isRunning) return;
      this.#run(device.start(), (isStarted) => {
        say(`${device.name} ${isStarted ? 'starts' : 'cannot start'}`);
        if (!isStarted) return device.isRunning ? undefined : this.#start(device, 2_000);
        for (const direction of story.directions.filter(({ from }) => from === device)) {
          const link = device.program?.node.link(direction.to.id) ?? null;
          if (link === null) story.forgot(device, direction.to);
          else direction.settle(link.scope);
          direction.oracle.restarted(link?.scope ?? null);
          story.parted(device, direction.to);
        }
      });
    });
  }
}
