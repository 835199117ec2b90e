/**
 * The hello: payload of both handshake messages, which tells the boot of the program. Source: spec/PROTOCOL.md,
 * *Handshake*, *Hello*.
 */
import { expectBytes } from './bytes.ts';
import { bootIdBytes, helloBytesLeast, helloBytesLimit, helloVersion } from './protocol.ts';

const bootIdAt = 1;

/** The hello of this program, 16 bytes. Throws RangeError unless `bootId` has 8 bytes. */
export function makeHello(bootId: Uint8Array): Uint8Array {
  expectBytes(bootId, bootIdBytes, 'the boot id');
  const hello = new Uint8Array(helloBytesLeast);
  hello[0] = helloVersion;
  hello.set(bootId, bootIdAt);
  return hello;
}

/** The boot id, a copy of 8 bytes, or null: not 16 to 512 bytes, or another version. What is reserved is ignored. */
export function parseHello(hello: Uint8Array): Uint8Array | null {
  if (hello.length < helloBytesLeast || hello.length > helloBytesLimit || hello[0] !== helloVersion) return null;
  return new Uint8Array(hello.subarray(bootIdAt, bootIdAt + bootIdBytes));
}
