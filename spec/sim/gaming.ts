/** What the games of a run show: lobbies, lines, better readings, lines that the user deletes. */
import type { EntryId, LineBody } from '../../storage/entry.ts';
import { anybody } from './mishaps.ts';
import type { Chance } from './world/chance.ts';
import type { Device } from './world/device.ts';

const games = ['Quake', 'Xonotic'] as const;
const channels = ['all', 'team'] as const;

export interface GamingOptions {
  readonly chance: Chance;
  readonly devices: readonly Device[];
  /** Counts something as under way until it resolves. */
  readonly run: (doing: Promise<unknown>) => void;
}

export class Gaming {
  readonly #options: GamingOptions;
  readonly #sessions = new Map<string, EntryId>();
  #lines = 0;

  constructor(options: GamingOptions) {
    this.#options = options;
  }

  say(): void {
    const { chance } = this.#options;
    const device = anybody(this.#options);
    const { program } = device ?? {};
    if (device === null || program === null || program === undefined) return;
    const game = chance.pick(games);
    const name = `${device.name} ${device.starts} ${game}`;
    let session = this.#sessions.get(name);
    const atMs = device.clock.unixMs();
    if (session === undefined) {
      session = program.newId();
      this.#sessions.set(name, session);
      this.#options.run(
        device.keep(game, [{ kind: 'session', id: session, atMs, game, lobby: 'Arena', reason: 'pattern' }]),
      );
    }
    for (let count = chance.pick([1, 1, 2, 3, 20]); count > 0; count -= 1) {
      this.#lines += 1;
      const body = bodyOf(`line ${this.#lines}`, chance.pick(channels));
      const id = program.newId();
      this.#options.run(device.keep(game, [{ kind: 'line', id, session, atMs, ...body, picture: null }]));
    }
  }

  revise(): void {
    const found = this.#anyLine();
    if (found === null) return;
    const { device, game, id, channel } = found;
    const { chance } = this.#options;
    const { program, clock } = device;
    if (program === null) return;
    const body = bodyOf('better', chance.happens(0.8) ? channel : chance.pick(channels));
    const of = { of: id, by: 'reader' } as const;
    const entry = {
      kind: 'revision',
      id: program.newId(),
      ...of,
      atMs: clock.unixMs(),
      ...body,
      picture: null,
    } as const;
    this.#options.run(device.keep(game, [entry]));
  }

  delete(): void {
    const found = this.#anyLine();
    const program = found?.device.program;
    if (found === null || program === null || program === undefined) return;
    const { device, game, id } = found;
    this.#options.run(
      device.keep(game, [{ kind: 'tombstone', id: program.newId(), of: id, atMs: device.clock.unixMs() }]),
    );
  }

  endSession(): void {
    const { chance } = this.#options;
    const device = anybody(this.#options);
    if (device === null || device.program === null) return;
    const game = chance.pick(games);
    const name = `${device.name} ${device.starts} ${game}`;
    const of = this.#sessions.get(name);
    if (of === undefined) return;
    this.#sessions.delete(name);
    const entry = {
      kind: 'session-end',
      id: device.program.newId(),
      of,
      atMs: device.clock.unixMs(),
      reason: 'window',
    } as const;
    this.#options.run(device.keep(game, [entry]));
  }

  #anyLine(): {
    readonly device: Device;
    readonly game: string;
    readonly id: EntryId;
    readonly channel: string;
  } | null {
    const { chance } = this.#options;
    const device = anybody(this.#options);
    if (device === null) return null;
    const game = chance.pick(games);
    const lines = device.log.items(game).flatMap(({ entry }) => (entry?.kind === 'line' ? [entry] : []));
    if (lines.length === 0) return null;
    const { id, channel } = chance.pick(lines);
    return { device, game, id, channel };
  }
}

function bodyOf(text: string, channel: string): LineBody {
  return { line: `Mia: ${text}`, speaker: 'Mia', text, channel, confidence: 0.9, colours: ['#ffffff'] };
}
