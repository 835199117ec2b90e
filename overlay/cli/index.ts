/** The program `lobbykeep`: hands the process's world to the command that the command line names. */
import { commands } from './commands.ts';
import { dispatch } from './dispatch.ts';
import { processIo } from './process-io.ts';

process.exitCode = await dispatch(commands, process.argv.slice(2), processIo());
