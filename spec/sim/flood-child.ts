/**
 * Floods a UDP port of this machine with noise that looks like packets: `flood-child.ts PORT DATAGRAMS_PER_SECOND DURATION_MS`.
 * Prints `begun` with the first, and how many it sent at the end.
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';

const [port = 0, perSecond = 0, durationMs = 0] = process.argv.slice(2).map(Number);
/** One of each type, of a length that its type allows. */
const sizes = [1_024, 200, 150, 49, 1_200, 1_033, 256, 64];
const packets = sizes.flatMap((size, at) =>
  Array.from({ length: 64 }, () => {
    const bytes = randomBytes(size);
    bytes[0] = at + 1;
    return bytes;
  }),
);
const BATCH = 100;
const socket = createSocket({ type: 'udp4', lookup: (address, _options, callback) => callback(null, address, 4) });
let sent = 0;

socket.bind(0, '127.0.0.1', () => {
  process.stdout.write('begun\n');
  const startMs = performance.now();
  const step = (): void => {
    const passedMs = performance.now() - startMs;
    const wanted = (Math.min(passedMs, durationMs) / 1_000) * perSecond;
    for (let count = 0; count < BATCH && sent < wanted; count += 1) {
      const packet = packets[sent % packets.length];
      if (packet !== undefined) {
        // Never the same twice: a replay is dropped sooner.
        packet.writeUInt32LE(sent, 9);
        socket.send(packet, port, '127.0.0.1');
      }
      sent += 1;
    }
    if (passedMs < durationMs) setImmediate(step);
    else socket.close(() => process.stdout.write(`${sent}\n`));
  };
  step();
});
