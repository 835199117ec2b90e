/** Sockets that are none: the network of a device that is off, and of a command that only looks into the book. */
import type { Datagrams } from '../../../net/index.ts';

export function openSilentDatagrams(): Datagrams {
  const counters: Datagrams['counters'] = {
    received: 0,
    receivedForeign: 0,
    lastForeignMs: null,
    droppedWaiting: 0,
    droppedSize: 0,
    droppedOffLink: 0,
    sent: 0,
    announced: 0,
    unsent: 0,
    errors: new Map(),
    reopened: 0,
  };
  return {
    sessionPort: 0,
    counters,
    send() {},
    announce() {},
    onDatagram() {},
    onInterfaces() {},
    rescan() {},
    close: () => Promise.resolve(),
  };
}
