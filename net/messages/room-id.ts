/**
 * The id of a room names its maker: 16 hex digits of SHA-256(`lobbykeep room 1` ‖ the maker's contact key), then 16
 * random ones. So nobody can say under somebody else's room who is in it. Source: spec/PROTOCOL.md, *Messages*.
 */
import { createHash } from 'node:crypto';
import { toContactKey } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import { isRoomId } from '../records/ids.ts';
import type { RoomId } from '../records/ids.ts';
import type { RandomBytes } from '../world.ts';

const randomSizeBytes = 8;

export function makeRoomId(maker: PeerId, random: RandomBytes): RoomId {
  const id = makerPart(maker) + Buffer.from(random(randomSizeBytes)).toString('hex');
  if (!isRoomId(id))
    throw new RangeError(`Expected ${randomSizeBytes} bytes for a room but received ${id.length / 2 - 8}`);
  return id;
}

export function isRoomOf(room: RoomId, maker: PeerId): boolean {
  return room.startsWith(makerPart(maker));
}

function makerPart(maker: PeerId): string {
  return createHash('sha256').update('lobbykeep room 1').update(toContactKey(maker)).digest('hex').slice(0, 16);
}
