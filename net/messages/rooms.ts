/**
 * Rooms: a title and members that the room's maker names. Own rooms are told to each member at the beginning of each
 * boot and when they change; other people's are taken from their makers only. Source: spec/PROTOCOL.md, *Messages*.
 */
import * as v from 'valibot';
import type { LogError, Result } from '../../storage/log.ts';
import type { StateStore } from '../../storage/state.ts';
import { deriveIdAt } from '../derived-id.ts';
import { DiskRetry } from '../disk-retry.ts';
import { isPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import { parseState, peerKey, toChange, undoOf } from '../peer-state.ts';
import { ROOM_MEMBERS, TIME_LIMIT_MS } from '../records/bounds.ts';
import { cleanName } from '../records/clean-text.ts';
import { isRoomId } from '../records/ids.ts';
import type { RoomId } from '../records/ids.ts';
import type { RoomRecord } from '../records/record.ts';
import type { RoomEntry } from '../../storage/entry.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Clock, RandomBytes } from '../world.ts';
import { isRoomOf, makeRoomId } from './room-id.ts';

/** Rooms of one maker. */
export const ROOMS = 64;
/** Members that were removed and are still told so; the oldest are forgotten. */
const formerMembers = 32;
/** Changes that wait for the disk. */
const waitingChanges = 64;
/** Rooms of others that wait for a disk that refused; further ones come again in the next boot. */
const refusedRooms = 256;

const peerId = v.custom<PeerId>(isPeerId);
const roomSchema = v.object({
  room: v.custom<RoomId>(isRoomId),
  maker: peerId,
  title: v.string(),
  members: v.array(peerId),
  former: v.array(peerId),
  atMs: v.number(),
});

export interface Room {
  readonly room: RoomId;
  readonly maker: PeerId;
  /** At most 64 bytes; may be empty. */
  readonly title: string;
  /** With the maker, at most 32; empty in a room that this device is not in any more. */
  readonly members: readonly PeerId[];
  /** Of own rooms: who was a member. */
  readonly former: readonly PeerId[];
  /** Grows with each change. */
  readonly atMs: number;
}

export interface RoomRefusal {
  readonly kind: 'too-many-rooms' | 'too-many-members' | 'unknown-room' | 'busy';
  readonly message: string;
}

export interface RoomsOptions {
  readonly own: PeerId;
  readonly state: StateStore;
  readonly log: Pick<SharedLog, 'append'>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** Whom this device accepted: their rooms are taken. */
  readonly peers: () => Iterable<PeerId>;
  /** On disk: for the screen; own ones also for the members. */
  readonly onChange: (room: Room) => void;
}

export class Rooms {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<RoomId, Room>();
  /** The latest news of rooms of others that the disk refused. */
  readonly #refused = new Map<RoomId, Room>();
  readonly #retry = new DiskRetry();
  #writing: Promise<unknown> = Promise.resolve();
  #changes = 0;

  constructor(options: RoomsOptions) {
    this.#options = options;
    for (const maker of new Set([options.own, ...options.peers()])) {
      for (const [, text] of options.state.list(roomKey(maker, ''))) {
        const room = parseState(text, roomSchema);
        if (room !== null) this.#rooms.set(room.room, room);
      }
    }
  }

  get(room: RoomId): Room | null {
    return this.#rooms.get(room) ?? null;
  }

  list(): readonly Room[] {
    return [...this.#rooms.values()];
  }

  /** To whom a message to the room goes. */
  others(room: RoomId): readonly PeerId[] {
    return this.get(room)?.members.filter((member) => member !== this.#options.own) ?? [];
  }

  /** Whether `peer` is in the room, or may be in one that its maker, a peer of this device, has not told of yet. */
  mayWriteTo(room: RoomId, peer: PeerId): boolean {
    const known = this.get(room);
    if (known !== null) return known.members.includes(peer);
    return [...this.#options.peers()].some((maker) => isRoomOf(room, maker));
  }

  /** What `peer` is told of own rooms: who is in them, or, where it was removed, nothing more than that. */
  recordsFor(peer: PeerId): readonly RoomRecord[] {
    const own = this.list().filter(({ maker }) => maker === this.#options.own && maker !== peer);
    return own.flatMap((room) => {
      const record = toRecord(room, peer);
      return record === null ? [] : [record];
    });
  }

  /** As `recordsFor`, of one room; null where the peer has nothing to do with it. */
  recordFor(room: RoomId, peer: PeerId): RoomRecord | null {
    return this.recordsFor(peer).find((record) => record.room === room) ?? null;
  }

  /** Resolves when the room is on disk. The maker is a member, named or not. */
  async make(title: string, members: readonly PeerId[]): Promise<Result<RoomId, RoomRefusal | LogError>> {
    if (this.#made(this.#options.own) >= ROOMS) return tooManyRooms();
    const room = makeRoomId(this.#options.own, this.#options.random);
    const kept = await this.#changeOwn(room, title, members);
    return kept.ok ? { ok: true, value: room } : kept;
  }

  /** Resolves when the change is on disk. */
  async change(room: RoomId, title: string, members: readonly PeerId[]): Promise<Result<void, RoomRefusal | LogError>> {
    const known = this.get(room);
    if (known === null || known.maker !== this.#options.own) {
      return refuse('unknown-room', 'Only the person who made a room can change it.');
    }
    return this.#changeOwn(room, title, members);
  }

  /** Takes what `maker` tells of its room. Older news and other people's rooms are left; false then. */
  take(maker: PeerId, { room, title, members, atMs }: RoomRecord): boolean {
    const known = this.get(room);
    if (!isRoomOf(room, maker) || (known !== null && known.atMs >= atMs)) return false;
    if (known === null && this.#made(maker) >= ROOMS) return false;
    const isIn = members.includes(this.#options.own) && members.includes(maker);
    // One who was never in it needs not know that it is.
    if (known === null && !isIn) return false;
    void this.#keepTold({
      room,
      maker,
      title: isIn ? title : (known?.title ?? title),
      members: isIn ? [...new Set(members)] : [],
      former: [],
      atMs,
    });
    return true;
  }

  /** `elapsedMs` at which `poll` has something to do; Infinity for never. */
  get nextMs(): number {
    return this.#refused.size > 0 ? this.#retry.nextMs : Infinity;
  }

  /** Tries again what makers told and the disk refused: they tell it once in a boot. */
  poll(): void {
    if (this.#refused.size === 0 || !this.#retry.mayTry(this.#options.clock.elapsedMs())) return;
    const rooms = [...this.#refused.values()];
    this.#refused.clear();
    for (const room of rooms) void this.#keepTold(room);
  }

  /** The maker was removed: its rooms are gone, and `forgetPeer` takes them from the disk. */
  forget(maker: PeerId): void {
    for (const rooms of [this.#rooms, this.#refused]) {
      for (const room of rooms.values()) if (room.maker === maker) rooms.delete(room.room);
    }
  }

  async #keepTold(room: Room): Promise<void> {
    const kept = await this.#keep(room);
    if (kept.ok || kept.error.kind === 'too-many-rooms') return this.#retry.succeeded();
    const later = this.#refused.get(room.room);
    const isNews = later === undefined || later.atMs < room.atMs;
    if (isNews && (later !== undefined || this.#refused.size < refusedRooms)) this.#refused.set(room.room, room);
    this.#retry.failed(this.#options.clock.elapsedMs());
  }

  #changeOwn(room: RoomId, title: string, members: readonly PeerId[]): Promise<Result<void, RoomRefusal | LogError>> {
    const { own, clock } = this.#options;
    const all = [...new Set([own, ...members])];
    if (all.length > ROOM_MEMBERS) {
      const text = `A room has at most ${ROOM_MEMBERS} members, you among them.`;
      return Promise.resolve(refuse('too-many-members', text));
    }
    const known = this.get(room);
    const left = (known?.members ?? []).filter((member) => !all.includes(member));
    const former = [...(known?.former ?? []).filter((member) => !all.includes(member)), ...left].slice(-formerMembers);
    const atMs = Math.min(Math.max(clock.unixMs(), (known?.atMs ?? 0) + 1), TIME_LIMIT_MS);
    return this.#keep({ room, maker: own, title: cleanName(title), members: all, former, atMs });
  }

  async #keep(room: Room): Promise<Result<void, RoomRefusal | LogError>> {
    if (this.#changes >= waitingChanges) {
      return refuse('busy', 'Too many changes wait to be written; try again in a moment.');
    }
    this.#changes += 1;
    const keeping = this.#writing.then(() => this.#write(room));
    this.#writing = keeping.catch(() => {});
    try {
      return await keeping;
    } finally {
      this.#changes -= 1;
    }
  }

  async #write(room: Room): Promise<Result<void, RoomRefusal | LogError>> {
    const { own, log, state, onChange } = this.#options;
    const known = this.get(room.room);
    // What waited before it may have changed either.
    if (known !== null && known.atMs >= room.atMs) return { ok: true, value: undefined };
    if (known === null && this.#made(room.maker) >= ROOMS) return tooManyRooms();
    const appended = await log.append([toEntry(room, own)]);
    if (!appended.ok) return appended;
    const change = toChange(roomKey(room.maker, room.room), room);
    const undo = undoOf(state, [change]);
    const written = await state.write([change]);
    if (!written.ok) {
      void state.write(undo);
      return written;
    }
    this.#rooms.set(room.room, room);
    onChange(room);
    return written;
  }

  #made(maker: PeerId): number {
    return this.list().filter((room) => room.maker === maker).length;
  }
}

function roomKey(maker: PeerId, room: string): string {
  return peerKey(maker, 'room', room);
}

function toRecord({ room, title, members, former, atMs }: Room, peer: PeerId): RoomRecord | null {
  if (members.includes(peer)) return { kind: 'room', room, title, members, atMs };
  return former.includes(peer) ? { kind: 'room', room, title: '', members: [], atMs } : null;
}

function toEntry({ room, maker, title, members, atMs }: Room, own: PeerId): RoomEntry {
  const id = deriveIdAt(atMs, `lobbykeep id 1 room ${room} ${atMs}`);
  return { kind: 'room', id, atMs, room, title, members, maker: maker === own ? null : maker };
}

function tooManyRooms(): { readonly ok: false; readonly error: RoomRefusal } {
  return refuse('too-many-rooms', `There are ${ROOMS} rooms already; more are not possible.`);
}

function refuse(kind: RoomRefusal['kind'], message: string): { readonly ok: false; readonly error: RoomRefusal } {
  return { ok: false, error: { kind, message } };
}
