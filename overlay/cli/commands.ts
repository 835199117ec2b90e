/** The table of commands, in the order of the help. */
import type { Command } from './command.ts';
import { exportCommand } from './export.ts';
import { sessionsCommand, statsCommand, verifyCommand } from './log-reports.ts';
import { doctorCommand } from './peer/doctor.ts';
import { peerCommand } from './peer/peer.ts';
import { profileCommand } from './profile.ts';
import { replayCommand } from './replay.ts';
import { searchCommand } from './search.ts';

export const commands: readonly Command[] = [
  replayCommand,
  searchCommand,
  exportCommand,
  sessionsCommand,
  verifyCommand,
  statsCommand,
  peerCommand,
  doctorCommand,
  profileCommand,
];
