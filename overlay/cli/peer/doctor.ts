/** `lobbykeep doctor`: why are peers not found? Opens the sockets as the program does, looks, and names the culprit. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { NetworkCheck, createSystemFacts, openDatagrams } from '../../../net/index.ts';
import { exitCodes } from '../command.ts';
import type { Command } from '../command.ts';
import { logOptions } from '../data-folder.ts';

const marks = { ok: 'ok      ', warning: 'warning ', problem: 'PROBLEM ' } as const;

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'check the network: ports, interfaces, multicast, firewall',
  positionals: '',
  details: 'Sends a few beacons to itself; takes about a second. Exit code 1: a problem was found.',
  options: { json: logOptions.json },
  async run(args, io) {
    const clock = { unixMs: io.clock, elapsedMs: () => performance.now() };
    const opened = await openDatagrams({ clock });
    if (!opened.ok) {
      await io.stderr.write(`${opened.error.message}\n`);
      return exitCodes.nothing;
    }
    const datagrams = opened.value;
    try {
      const check = new NetworkCheck({
        datagrams,
        clock,
        own: null,
        random: io.random,
        system: createSystemFacts(io.platform),
        platform: io.platform,
        wait: (durationMs) => sleep(durationMs),
      });
      const findings = await check.run({ isAnyExpected: false, epochOffsets: [] });
      const rows = findings.map(({ severity, message }) => `${marks[severity]}${message}\n`);
      await io.stdout.write(args.flag('json') ? `${JSON.stringify(findings)}\n` : rows.join(''));
      return findings.some(({ severity }) => severity === 'problem') ? exitCodes.nothing : exitCodes.fine;
    } finally {
      await datagrams.close();
    }
  },
};
