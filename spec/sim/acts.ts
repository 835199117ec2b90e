/** What happens to the devices of a run: what their users do, what the LAN and the power do, and the calm at the end. */
import type { PeerId } from '../../net/peer-id.ts';
import type { Scope } from '../../net/scope/scope.ts';
import type { EntryId, LineBody } from '../../storage/entry.ts';
import type { Story } from './story.ts';
import type { WireRules } from './wire-rules.ts';
import type { Chance } from './world/chance.ts';
import { worldStartMs } from './world/device.ts';
import type { Device } from './world/device.ts';
import type { Lan, Plug, Weather } from './world/lan.ts';

const games = ['Quake', 'Xonotic'] as const;
const channels = ['all', 'team'] as const;

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
  readonly #codes = new Map<Device, string>();
  /** Things that users began and that have not come to an end. */
  #pending = 0;
  #isCalm = false;
  readonly #sessions = new Map<string, EntryId>();
  #lines = 0;
  crashes = 0;
  readonly #table: readonly (readonly [weight: number, act: () => void | Promise<void>])[] = [
    [14, () => this.#post()],
    [10, () => this.#say()],
    [3, () => this.#revise()],
    [1, () => this.#delete()],
    [2, () => this.#endSession()],
    [8, () => this.#scope()],
    [4, () => this.#draw()],
    [6, () => this.#ask()],
    [0.7, () => this.#leave()],
    [2, () => this.#unblock()],
    [2, () => this.#room()],
    [1, () => this.#name()],
    [1, () => this.#code()],
    [1, () => this.#nearby()],
    [8, () => this.#weather()],
    [6, () => this.#cut()],
    [5, () => this.#heal()],
    [6, () => this.#crash()],
    [2, () => this.#stop()],
    [3, () => this.#clock()],
    [4, () => this.#replug()],
    [2, () => this.#sleep()],
    [3, () => this.#fillDisk()],
  ];

  constructor(options: ActsOptions) {
    this.#options = options;
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
      if (place < 0) return void (await act());
    }
  }

  /** Everybody is here, awake and whole, on one good segment, with clocks that go right. */
  async calm(): Promise<void> {
    const { devices, lan, chance, say } = this.#options;
    this.#isCalm = true;
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
      }
      else this.#run(program.book.decline(peer, 'once'));
    });
  }

  #anybody(isRunning = true): Device | null {
    const running = this.#options.devices.filter((device) => !isRunning || device.isRunning);
    return running.length === 0 ? null : this.#options.chance.pick(running);
  }

  /** Somebody and one of the contacts, or anybody else. */
  #pair(isContact: boolean): readonly [Device, Device] | null {
    const { chance, devices } = this.#options;
    const from = this.#anybody();
    if (from === null) return null;
    const others = devices.filter(
      (to) => to !== from && (!isContact || (to.idOrNull !== null && from.program?.book.contact(to.id) !== null)),
    );
    return others.length === 0 ? null : [from, chance.pick(others)];
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
    void doing.then((value) => {
      done();
      then(value);
    });
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

  #say(): void {
    const { chance } = this.#options;
    const device = this.#anybody();
    const { program } = device ?? {};
    if (device === null || program === null || program === undefined) return;
    const game = chance.pick(games);
    const name = `${device.name} ${device.starts} ${game}`;
    let session = this.#sessions.get(name);
    const atMs = device.clock.unixMs();
    if (session === undefined) {
      session = program.newId();
      this.#sessions.set(name, session);
      this.#run(device.keep(game, [{ kind: 'session', id: session, atMs, game, lobby: 'Arena', reason: 'pattern' }]));
    }
    for (let count = chance.pick([1, 1, 2, 3, 20]); count > 0; count -= 1) {
      this.#lines += 1;
      const body = bodyOf(`line ${this.#lines}`, chance.pick(channels));
      const id = program.newId();
      this.#run(device.keep(game, [{ kind: 'line', id, session, atMs, ...body, picture: null }]));
    }
  }

  #revise(): void {
    const found = this.#anyLine();
    if (found === null) return;
    const { device, game, id, channel } = found;
    const { chance } = this.#options;
    const { program, clock } = device;
    if (program === null) return;
    const body = bodyOf('better', chance.happens(0.8) ? channel : chance.pick(channels));
    const of = { of: id, by: 'reader' } as const;
    const entry = { kind: 'revision', id: program.newId(), ...of, atMs: clock.unixMs(), ...body, picture: null } as const;
    this.#run(device.keep(game, [entry]));
  }

  #delete(): void {
    const found = this.#anyLine();
    const program = found?.device.program;
    if (found === null || program === null || program === undefined) return;
    const { device, game, id } = found;
    this.#run(device.keep(game, [{ kind: 'tombstone', id: program.newId(), of: id, atMs: device.clock.unixMs() }]));
  }

  #endSession(): void {
    const { chance } = this.#options;
    const device = this.#anybody();
    if (device === null || device.program === null) return;
    const game = chance.pick(games);
    const name = `${device.name} ${device.starts} ${game}`;
    const of = this.#sessions.get(name);
    if (of === undefined) return;
    this.#sessions.delete(name);
    const entry = { kind: 'session-end', id: device.program.newId(), of, atMs: device.clock.unixMs(), reason: 'window' } as const;
    this.#run(device.keep(game, [entry]));
  }

  #anyLine(): { readonly device: Device; readonly game: string; readonly id: EntryId; readonly channel: string } | null {
    const { chance } = this.#options;
    const device = this.#anybody();
    if (device === null) return null;
    const game = chance.pick(games);
    const lines = device.log.items(game).flatMap(({ entry }) => (entry?.kind === 'line' ? [entry] : []));
    if (lines.length === 0) return null;
    const { id, channel } = chance.pick(lines);
    return { device, game, id, channel };
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
    const device = this.#anybody();
    const refused = device?.program?.book.refused() ?? [];
    const [first] = refused;
    if (device !== null && device.program !== null && first !== undefined) this.#run(device.program.book.unblock(first.peer));
  }

  #room(): void {
    const { chance, devices, say } = this.#options;
    const device = this.#anybody();
    const rooms = device?.program?.node.rooms;
    if (device === null || rooms === undefined) return;
    const members = devices.flatMap(({ idOrNull }) => (idOrNull !== null && chance.happens(0.7) ? [idOrNull] : []));
    const own = rooms.list().filter(({ maker }) => maker === device.id);
    this.#lines += 1;
    const title = `room ${this.#lines}`;
    say(`${device.name} names ${members.length} members of ${title}`);
    if (own.length > 0 && chance.happens(0.6)) this.#run(rooms.change(chance.pick(own).room, title, members));
    else if (own.length < 4) this.#run(rooms.make(title, members));
  }

  #name(): void {
    const device = this.#anybody();
    const program = device?.program;
    if (device === null || program === null || program === undefined) return;
    this.#lines += 1;
    this.#run(program.book.setName(`${device.name} ${this.#lines}`), () => {
      if (device.program === program) program.node.nameChanged();
    });
  }

  async #code(): Promise<void> {
    const device = this.#anybody();
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
    const device = this.#anybody();
    if (device === null || device.program === null) return;
    const isOn = chance.happens(0.7);
    rules.nearbyUntilMs.set(device, isOn ? lan.timeline.nowMs + 120_000 : -1);
    device.program.node.setNearby(isOn);
  }

  #weather(): void {
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

  #cut(): void {
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

  #heal(): void {
    this.#options.say('the LAN heals');
    this.#options.lan.heal();
  }

  #crash(): void {
    const { chance, say } = this.#options;
    const device = this.#anybody();
    if (device === null) return;
    say(`${device.name} crashes`);
    this.crashes += 1;
    device.crash();
    this.#start(device, chance.pick([10, 500, 3_000, 60_000]));
  }

  #stop(): void {
    const { chance, say } = this.#options;
    const device = this.#anybody();
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
          direction.oracle.restarted();
          story.parted(device, direction.to);
        }
      });
    });
  }

  #clock(): void {
    const { chance, say } = this.#options;
    const device = this.#anybody(false);
    if (device === null) return;
    const unit = chance.pick([2_000, 60_000, 3_600_000, 86_400_000, 31_536_000_000]);
    device.clockErrorMs = Math.round(chance.between(-3, 3) * unit);
    say(`the clock of ${device.name} jumps to ${device.clockErrorMs / 1_000} s`);
  }

  #replug(): void {
    const { chance, lan, say } = this.#options;
    const device = this.#anybody(false);
    if (device === null) return;
    const plugs: Plug[] = [];
    if (chance.happens(0.85)) plugs.push(lan.freshPlug('eth0', chance.pick([0, 0, 1]), chance.happens(0.5)));
    if (chance.happens(0.3)) plugs.push(lan.freshPlug('wlan0', chance.pick([0, 1]), false));
    const kept = chance.happens(0.3) ? device.machine.plugs.slice(0, 1) : [];
    const all = [...kept, ...plugs].filter(({ name }, at, list) => list.findIndex((plug) => plug.name === name) === at);
    say(`${device.name} is at ${all.map(({ address }) => address).join() || 'no address'}`);
    device.machine.replug(all);
  }

  #sleep(): void {
    const { chance, lan, say } = this.#options;
    const device = this.#anybody();
    if (device === null || device.machine.isAsleep) return;
    say(`${device.name} sleeps`);
    device.sleep();
    lan.timeline.after(chance.pick([2_000, 60_000, 300_000]), () => {
      if (!device.machine.isAsleep) return;
      say(`${device.name} wakes`);
      device.wake();
    });
  }

  #fillDisk(): void {
    const { chance, lan, say } = this.#options;
    const device = this.#anybody(false);
    if (device === null || this.#isCalm) return;
    say(`the disk of ${device.name} is full`);
    device.mood.isFull = true;
    device.mood.syncMs = chance.pick([[0.2, 4], [5, 60], [100, 900]]);
    lan.timeline.after(chance.pick([500, 5_000, 40_000]), () => {
      device.mood.isFull = false;
    });
  }
}

function bodyOf(text: string, channel: string): LineBody {
  return { line: `Mia: ${text}`, speaker: 'Mia', text, channel, confidence: 0.9, colours: ['#ffffff'] };
}
