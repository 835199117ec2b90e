/** What the network check asks of the real system. Nothing is sent and no program is run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DgramAsPromised } from 'dgram-as-promised';

export interface SystemFacts {
  /** The address from which this machine would reach the internet; null where it would not. */
  routeSource(): Promise<string | null>;
  /** MTU of an interface; null where the platform does not tell it without running a program. */
  mtuBytes(interfaceName: string): Promise<number | null>;
}

/** Of TEST-NET-1 (RFC 5737): nobody's. A UDP socket that is connected sends nothing; the system only picks the way. */
const SOMEWHERE = { address: '192.0.2.1', port: 9 } as const;
const LINUX_INTERFACES = '/sys/class/net';

export function createSystemFacts(platform: NodeJS.Platform): SystemFacts {
  return {
    async routeSource() {
      const socket = DgramAsPromised.createSocket({ type: 'udp4' });
      try {
        return await new Promise<string | null>((resolve) => {
          socket.socket.on('error', () => resolve(null));
          socket.socket.connect(SOMEWHERE.port, SOMEWHERE.address, () => resolve(socket.address().address));
        });
      } finally {
        await socket.close();
      }
    },
    async mtuBytes(interfaceName) {
      // The name becomes part of a path: only what Linux would call an interface.
      if (platform !== 'linux' || !/^[\w.:@-]{1,15}$/.test(interfaceName) || interfaceName.startsWith('.')) return null;
      try {
        const text = await readFile(join(LINUX_INTERFACES, interfaceName, 'mtu'), 'latin1');
        return /^\d+\s*$/.test(text) ? Number(text) : null;
      } catch {
        // The interface went, or the system keeps no such file.
        return null;
      }
    },
  };
}
