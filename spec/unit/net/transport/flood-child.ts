/** Floods a UDP port of this machine: `flood-child.ts PORT DATAGRAMS_PER_SECOND DURATION_MS`. Prints how many it sent. */
import { createSocket } from 'node:dgram';

const [port = 0, perSecond = 0, durationMs = 0] = process.argv.slice(2).map(Number);
/** Of the length of a beacon. */
const bytes = Buffer.alloc(1033, 6);
const BATCH = 200;
const socket = createSocket({ type: 'udp4', lookup: (address, _options, callback) => callback(null, address, 4) });
let sent = 0;

socket.bind(0, '127.0.0.1', () => {
  const startMs = performance.now();
  const step = (): void => {
    const passedMs = performance.now() - startMs;
    const wanted = (Math.min(passedMs, durationMs) / 1000) * perSecond;
    for (let count = 0; count < BATCH && sent < wanted; count += 1) {
      socket.send(bytes, port, '127.0.0.1');
      sent += 1;
    }
    if (passedMs < durationMs) setImmediate(step);
    else socket.close(() => process.stdout.write(`${sent}\n`));
  };
  step();
});
