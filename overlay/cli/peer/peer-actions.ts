/** The subcommands of `lobbykeep peer` that ask and are answered; `serve`, which stays, is `peer-serve.ts`. */
import type { Result } from '../../../storage/index.ts';
import { printable } from '../../../storage/index.ts';
import type { Conversation, Message, PeopleState, Scope } from '../../ipc/index.ts';
import { exitCodes } from '../command.ts';
import type { CommandArgs, CommandIo, ExitCode } from '../command.ts';
import type { AskPeople } from './people-access.ts';
import { describeContact, describePerson, describeScope, everybody, findPerson, toDay } from './peer-words.ts';

export interface ActionWorld {
  readonly ask: AskPeople;
  readonly args: CommandArgs;
  readonly io: CommandIo;
  /** Words behind the subcommand. */
  readonly words: readonly string[];
  readonly state: PeopleState;
}

export type Action = (world: ActionWorld) => Promise<ExitCode>;

const pageDefault = 50;

export const actions: Readonly<Record<string, Action>> = {
  async code(world) {
    const { state } = world;
    if (state.me.code === '') return fail(world, 'No code works any more. Make one: peer tokens make.');
    return print(world, { code: state.me.code, peer: state.me.peerId }, `${state.me.code}\n`);
  },

  async name(world) {
    const name = world.words.join(' ');
    if (name === '') return print(world, { name: world.state.me.name }, `${printable(world.state.me.name)}\n`);
    return settle(world, await world.ask('people.set-name', { name }), `You are called ${printable(name)} now.\n`);
  },

  async tokens(world) {
    const [verb, id] = world.words;
    if (verb === 'revoke') {
      const token = world.state.me.tokens.find((each) => id !== undefined && each.id.startsWith(id));
      if (token === undefined) return usage(world, `Expected the id of a code but received "${id ?? ''}".`);
      return settle(world, await world.ask('people.token-revoke', { id: token.id }), 'That code is mute now.\n');
    }
    if (verb === 'make') {
      const quota = Number(world.args.text('quota') ?? 32);
      const days = world.args.text('expires');
      const expiresMs = days === null ? null : world.io.clock() + Number(days) * 86_400_000;
      if (!Number.isInteger(quota) || quota < 1 || quota > 1_000 || Number.isNaN(expiresMs))
        return usage(world, 'Expected 1 to 1000 for --quota, and days for --expires.');
      const label = world.args.text('label') ?? '';
      const made = await world.ask('people.token-make', { label, quota, expiresMs });
      if (!made.ok) return fail(world, made.error.message);
      return print(world, made.value, `${made.value.code}\n`);
    }
    if (verb !== undefined) return usage(world, `Expected make or revoke but received "${verb}".`);
    const rows = world.state.me.tokens.map(({ id, label, used, quota, expiresMs, code }) => {
      const until = expiresMs === null ? '' : `, until ${toDay(expiresMs)}`;
      return `${id.slice(0, 8)}  ${printable(label)}  ${used} of ${quota} requests${until}\n          ${code}\n`;
    });
    return print(world, world.state.me.tokens, rows.join(''));
  },

  async request(world) {
    const code = world.words.join(' ');
    const note = world.args.text('note') ?? '';
    const asked = await world.ask('people.ask', { code, note, address: world.args.text('address') });
    const done =
      'You asked. The request is repeated until they accept; it is sent while Lobbykeep or peer serve runs.\n';
    return settle(world, asked, done);
  },

  async requests(world) {
    const { requests, asked } = world.state;
    const waiting = requests.map(
      (each) => `${describePerson(each)} asks: ${printable(each.note)}\n  words: ${each.safetyWords.join(' ')}\n`,
    );
    const own = asked.map(({ peer, codeHint }) => `You asked ${describePerson({ peer, name: codeHint })}.\n`);
    return print(world, { requests, asked }, [...waiting, ...own].join(''));
  },

  accept: (world) =>
    withPerson(world, world.state.requests, 'somebody who asks', async ({ peer }) =>
      settle(world, await world.ask('people.accept', { peer }), 'Accepted: you can talk from now on.\n'),
    ),

  decline: (world) =>
    withPerson(world, world.state.requests, 'somebody who asks', async ({ peer }) => {
      const ever = world.args.flag('ever');
      return settle(world, await world.ask('people.decline', { peer, ever }), 'Declined. They are not told.\n');
    }),

  withdraw: (world) =>
    withPerson(world, everybody(world.state), 'somebody whom you asked', async ({ peer }) =>
      settle(world, await world.ask('people.withdraw', { peer }), 'Withdrawn.\n'),
    ),

  block: (world) =>
    withPerson(world, everybody(world.state), 'a person', async ({ peer }) =>
      settle(world, await world.ask('people.block', { peer }), 'Blocked: nothing of theirs is heard.\n'),
    ),

  unblock: (world) =>
    withPerson(world, world.state.blockedPeers, 'somebody blocked', async ({ peer }) =>
      settle(world, await world.ask('people.unblock', { peer }), 'They may ask again.\n'),
    ),

  remove: (world) =>
    withPerson(world, world.state.contacts, 'a contact', async ({ peer }) =>
      settle(world, await world.ask('people.remove', { peer }), 'Removed. What you kept of each other stays.\n'),
    ),

  words: (world) =>
    withPerson(world, world.state.contacts, 'a contact', async (contact) => {
      if (world.args.flag('confirm')) {
        const confirm = { peer: contact.peer, confirmed: true };
        return settle(world, await world.ask('people.confirm-words', confirm), 'Noted that you compared them.\n');
      }
      return print(world, contact.safetyWords, `${contact.safetyWords.join(' ')}\n`);
    }),

  list: (world) => print(world, world.state.contacts, world.state.contacts.map(describeContact).join('')),

  async send(world) {
    const [to, ...rest] = world.words;
    const text = rest.join(' ');
    const target = findConversation(world.state, to ?? '');
    if (typeof target === 'string') return usage(world, target);
    if (text.trim() === '') return usage(world, 'Expected a text to send but received none.');
    const sent = await world.ask('messages.send', { with: target, text });
    if (!sent.ok) return fail(world, sent.error.message);
    return print(world, sent.value, 'Kept here, and on its way.\n');
  },

  async inbox(world) {
    const limit = Number(world.args.text('limit') ?? pageDefault);
    if (!Number.isInteger(limit) || limit < 1 || limit > 200) return usage(world, 'Expected 1 to 200 for --limit.');
    const [who] = world.words;
    const all = conversationsOf(world.state);
    const target = who === undefined ? null : findConversation(world.state, who);
    if (typeof target === 'string') return usage(world, target);
    const messages: Message[] = [];
    for (const of of target === null ? all : [target]) {
      const page = await world.ask('messages.page', { with: of, before: null, limit });
      if (!page.ok) return fail(world, page.error.message);
      messages.push(...page.value.messages);
    }
    const rows = messages.map((message) => `${formatMessage(world.state, message)}\n`);
    return print(world, messages, rows.join(''));
  },

  share: (world) =>
    withPerson(world, world.state.contacts, 'a contact', async (contact) => {
      const share = world.words[1];
      if (share === undefined) return print(world, contact.scopeMine, `${describeScope(contact.scopeMine)}\n`);
      if (share !== 'none' && share !== 'live' && share !== 'history')
        return usage(world, `Expected none, live or history but received "${share}".`);
      const scope = readScope(world.args, share);
      if (typeof scope === 'string') return usage(world, scope);
      const set = await world.ask('people.scope', { peer: contact.peer, scope });
      return settle(world, set, `${describePerson(contact)} may see ${describeScope(scope)} now.\n`);
    }),

  room: (world) => {
    const [title, ...members] = world.words;
    const found = members.map((member) => findPerson(world.state.contacts, member, 'a contact'));
    const wrong = found.find((each) => typeof each === 'string');
    if (title === undefined || members.length === 0) return usage(world, 'Expected a title and members.');
    if (wrong !== undefined) return usage(world, wrong);
    const peers = found.flatMap((each) => (typeof each === 'string' ? [] : [each.peer]));
    return world.ask('room.make', { title, members: peers }).then((made) => {
      if (!made.ok) return fail(world, made.error.message);
      return print(world, made.value, `${made.value.room}\n`);
    });
  },

  status: (world) => {
    const { network, contacts, requests } = world.state;
    const connected = contacts.filter(({ state }) => state === 'connected').length;
    const where = network.sessionPort === null ? 'no sockets here' : `UDP port ${network.sessionPort}`;
    const text =
      `network ${network.kind}, ${where}${network.message === null ? '' : ` (${network.message})`}\n` +
      `${contacts.length} contacts, ${connected} connected; ${requests.length} ask\n`;
    return print(world, { network, contacts: contacts.length, connected, requests: requests.length }, text);
  },
};

async function print({ args, io }: ActionWorld, value: unknown, text: string): Promise<ExitCode> {
  await io.stdout.write(args.flag('json') ? `${JSON.stringify(value)}\n` : text);
  return exitCodes.fine;
}

async function fail({ io }: ActionWorld, message: string): Promise<ExitCode> {
  await io.stderr.write(`${message}\n`);
  return exitCodes.nothing;
}

async function usage({ io }: ActionWorld, message: string): Promise<ExitCode> {
  await io.stderr.write(`${message}\n`);
  return exitCodes.usage;
}

function settle(
  world: ActionWorld,
  result: Result<unknown, { readonly message: string }>,
  text: string,
): Promise<ExitCode> {
  return result.ok ? print(world, { ok: true }, text) : fail(world, result.error.message);
}

function withPerson<P extends { readonly peer: string; readonly name: string }>(
  world: ActionWorld,
  people: readonly P[],
  what: string,
  act: (person: P) => Promise<ExitCode>,
): Promise<ExitCode> {
  const person = findPerson(people, world.words[0] ?? '', what);
  return typeof person === 'string' ? usage(world, person) : act(person);
}

function conversationsOf({ contacts, rooms }: PeopleState): readonly Conversation[] {
  return [
    ...contacts.map(({ peer }) => ({ kind: 'peer', peer }) as const),
    ...rooms.map(({ room }) => ({ kind: 'room', room }) as const),
  ];
}

/** A room by its id or title, else a contact. */
function findConversation({ contacts, rooms }: PeopleState, typed: string): Conversation | string {
  const room = rooms.find((each) => each.room === typed || (typed !== '' && each.title === typed));
  if (room !== undefined) return { kind: 'room', room: room.room };
  const person = findPerson(contacts, typed, 'a contact or a room');
  return typeof person === 'string' ? person : { kind: 'peer', peer: person.peer };
}

function formatMessage({ contacts, rooms }: PeopleState, { atMs, from, room, peer, text, states }: Message): string {
  const nameOf = (id: string): string => contacts.find((contact) => contact.peer === id)?.name ?? id.slice(0, 8);
  const at = new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
  const title = room === null ? null : (rooms.find((each) => each.room === room)?.title ?? room.slice(0, 8));
  const where = title === null ? '' : ` [${printable(title)}]`;
  const to = room === null && peer !== null ? ` to ${printable(nameOf(peer))}` : '';
  const how = states.map(({ state }) => state).join(' ');
  return from === null
    ? `${at}${where} me${to}: ${printable(text)} (${how})`
    : `${at}${where} ${printable(nameOf(from))}: ${printable(text)}`;
}

function readScope(args: CommandArgs, share: Scope['share']): Scope | string {
  const since = args.text('since');
  const sinceMs = since === null ? null : Date.parse(since);
  if (sinceMs !== null && Number.isNaN(sinceMs))
    return `Expected a date such as 2026-05-31 for --since but received "${since ?? ''}".`;
  const list = (name: string): readonly string[] | null =>
    args
      .text(name)
      ?.split(',')
      .map((part) => part.trim()) ?? null;
  return { share, sinceMs: share === 'history' ? sinceMs : null, games: list('games'), channels: list('channels') };
}
