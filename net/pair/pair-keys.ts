/**
 * What two peers derive from their pair secret: the psk of the handshake, and a key for each direction and use around it.
 * Source: spec/PROTOCOL.md, *Keys*.
 */
import { hkdfSync } from 'node:crypto';
import { KEY_BYTES } from '../peer-id.ts';

/** 32 bytes each. `out`: of packets from this device; `in`: of packets from the peer. */
export interface PairKeys {
  readonly psk: Uint8Array;
  readonly outerOut: Uint8Array;
  readonly outerIn: Uint8Array;
  readonly hintOut: Uint8Array;
  readonly hintIn: Uint8Array;
  readonly beaconOut: Uint8Array;
  readonly beaconIn: Uint8Array;
}

/** @param secret the pair secret. @param own @param peer contact keys. 32 bytes each, else RangeError. */
export function derivePairKeys(secret: Uint8Array, own: Uint8Array, peer: Uint8Array): PairKeys {
  for (const [name, bytes] of Object.entries({ secret, own, peer })) {
    if (bytes.length !== KEY_BYTES)
      throw new RangeError(`Expected ${KEY_BYTES} bytes for ${name} but received ${bytes.length}`);
  }
  const salt = Buffer.concat(Buffer.compare(own, peer) < 0 ? [own, peer] : [peer, own]);
  const derive = (use: string, sender: Uint8Array | null): Uint8Array => {
    const info = Buffer.concat([Buffer.from(`lobbykeep pair 1 ${use}`), sender ?? Buffer.alloc(0)]);
    return new Uint8Array(hkdfSync('sha256', secret, salt, info, KEY_BYTES));
  };
  return {
    psk: derive('psk', null),
    outerOut: derive('outer ', own),
    outerIn: derive('outer ', peer),
    hintOut: derive('hint ', own),
    hintIn: derive('hint ', peer),
    beaconOut: derive('beacon ', own),
    beaconIn: derive('beacon ', peer),
  };
}
