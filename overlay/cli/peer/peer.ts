/** `lobbykeep peer …`: everything about people from the command line, so that two shells on one machine are two peers. */
import { exitCodes } from '../command.ts';
import type { Command } from '../command.ts';
import { logOptions } from '../data-folder.ts';
import { actions } from './peer-actions.ts';
import { withPeople } from './people-access.ts';
import { serve } from './peer-serve.ts';

const details = `Subcommands:
  code                          print the code to give to others
  name [NAME]                   print or set the name that contacts see
  tokens [make|revoke ID]       list, make or revoke codes (--label, --quota, --expires DAYS)
  request CODE                  ask the person of a code (--note TEXT, --address HOST[:PORT])
  requests                      who asks, and whom you asked
  accept|decline|withdraw WHO   (decline --ever: for good)
  block|unblock|remove WHO
  list                          contacts, with what each may see
  words WHO                     the six safety words (--confirm: you compared them)
  send WHO|ROOM TEXT            a message; it waits on disk until they have it
  inbox [WHO|ROOM]              messages (--limit)
  room TITLE WHO...             make a room
  share WHO [none|live|history] what they may see (--since DATE, --games A,B, --channels A,B)
  status                        the network in two lines
  serve                         be a peer until Ctrl+C, printing events as JSON lines (--bind ADDRESS:PORT)

WHO is a name, or the first digits of an id. While Lobbykeep or peer serve has the data folder open, the other commands work
through it; else they change the folder themselves, and what is to be sent waits.`;

export const peerCommand: Command = {
  name: 'peer',
  summary: 'talk and share with accepted people on the LAN',
  positionals: 'SUBCOMMAND ...',
  details,
  options: {
    ...logOptions,
    bind: { value: 'ADDRESS:PORT', help: 'serve: the one address to use (default: all, port 41975)' },
    label: { value: 'TEXT', help: 'tokens make: what the code is for' },
    quota: { value: 'N', help: 'tokens make: requests that it lets through (default 32)' },
    expires: { value: 'DAYS', help: 'tokens make: after so many days it is mute' },
    note: { value: 'TEXT', help: 'request: a note to the person' },
    address: { value: 'HOST', help: 'request: where the person is, if it cannot be found' },
    ever: { value: null, help: 'decline: for good' },
    confirm: { value: null, help: 'words: note that you compared them' },
    since: { value: 'DATE', help: 'share history: nothing before it' },
    games: { value: 'A,B', help: 'share: these games only' },
    channels: { value: 'A,B', help: 'share: these channels only' },
    limit: { value: 'N', help: 'inbox: at most so many of each conversation (default 50)' },
  },
  async run(args, io) {
    const [name, ...words] = args.positionals;
    if (name === 'serve') return serve(args, io);
    const action = name === undefined || !Object.hasOwn(actions, name) ? undefined : actions[name];
    if (action === undefined) {
      await io.stderr.write(`There is no subcommand "${name ?? ''}". lobbykeep peer --help lists them.\n`);
      return exitCodes.usage;
    }
    return withPeople(args, io, async (ask) => {
      const state = await ask('people.state', null);
      if (state.ok) return action({ ask, args, io, words, state: state.value });
      await io.stderr.write(`${state.error.message}\n`);
      return exitCodes.dataFolder;
    });
  },
};
