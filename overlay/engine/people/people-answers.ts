/** Answers the calls about people, over a network that runs. What each takes and gives: `overlay/ipc/people.ts`. */
import { isPeerId, isRequestToken, isRoomId, parseCode, toContactKey, toPeerId } from '../../../net/index.ts';
import type { AskOutcome, CodeError as ReadError, ContactError, PeerId } from '../../../net/index.ts';
import type { EntryId, Log, LogError, Result } from '../../../storage/index.ts';
import { parseEntryId } from '../../../storage/index.ts';
import type {
  AnyCallInput,
  CodeError,
  Conversation,
  Message,
  PeopleCommandOutput,
  PeopleError,
} from '../../ipc/index.ts';
import { toAskError, toCodeError, toPeopleError } from './code-answer.ts';
import { viewMessage } from './message-view.ts';
import type { PeopleView } from './people-view.ts';
import type { RunningNetwork } from './running-network.ts';
import { resolveTypedAddress } from './typed-address.ts';

/** The calls that need no more than a running network; a backup that is put back needs another. */
export type AnswerName = Exclude<keyof PeopleCommandOutput, 'people.backup' | 'people.restore'>;
type Answers = { readonly [N in AnswerName]: (input: AnyCallInput<N>) => Promise<PeopleCommandOutput[N]> };

export interface AnswerParts {
  readonly log: Log;
  readonly running: RunningNetwork;
  readonly view: PeopleView;
  /** These messages of others count as shown from here on. */
  readonly onShown: (ids: readonly EntryId[]) => void;
}

/** The answers, and a message of the log as the screen shows it. */
export type PeopleAnswers = Answers & { viewOf(id: EntryId): Message | null };

export function makeAnswers(parts: AnswerParts): PeopleAnswers {
  const { log, running, view, onShown } = parts;
  const { book, node } = running;

  /** A contact that goes: it is told, where it can be. */
  const part = async (peer: PeerId, how: 'remove' | 'block'): Promise<Result<void, PeopleError>> => {
    node.sayBye(peer);
    return settle(how === 'remove' ? book.remove(peer) : book.block(peer));
  };

  const receiversOf = (to: Conversation): readonly PeerId[] => {
    if (to.kind === 'peer') return isPeerId(to.peer) ? [to.peer] : [];
    return isRoomId(to.room) ? node.rooms.others(to.room) : [];
  };

  const viewOf = (id: EntryId): Message | null => {
    const message = log.message(id);
    if (message === null) return null;
    const { peer, room } = message;
    const receivers = room !== null && isRoomId(room) ? node.rooms.others(room) : peer === null ? [] : [peer];
    const skipped = new Set(node.outbox.skipped(id));
    return viewMessage(message, message.from === null ? receivers.filter((each) => !skipped.has(each)) : []);
  };

  return {
    viewOf,
    'people.state': async () => ({ ok: true, value: view.state() }),
    'people.set-name': async ({ name }) => {
      const set = await settle(book.setName(name));
      if (set.ok) node.nameChanged();
      return set;
    },
    'people.token-make': async ({ label, quota, expiresMs }) => {
      const made = await book.makeToken(label, { quota, expiresMs });
      if (!made.ok) return { ok: false, error: toPeopleError(made.error) };
      const { token, code, createdMs, used } = made.value;
      return { ok: true, value: { id: token, label, code, createdMs, expiresMs, quota, used } };
    },
    'people.token-revoke': async ({ id }) => (isRequestToken(id) ? settle(book.revokeToken(id)) : notFound('code')),
    'people.check-code': async ({ code }) => {
      const read = parseCode(code);
      if (!read.ok) return codeFailure(read.error);
      const peer = toPeerId(read.value.contactKey);
      if (peer === book.identity.peerId) return ownCode();
      return { ok: true, value: { peer, safetyWords: view.wordsOf(peer) } };
    },
    'people.ask': async ({ code, note, address }) => {
      const read = parseCode(code);
      if (!read.ok) return codeFailure(read.error);
      const endpoint = address === null || address === '' ? null : await resolveTypedAddress(address);
      if (endpoint === null && address !== null && address !== '') return badAddress();
      const asked = await book.ask(read.value, note, { endpoint });
      if (!asked.ok) return { ok: false, error: toAskError(asked.error) };
      if (endpoint !== null) node.typedAddress(asked.value.peer, endpoint);
      followAsk(asked.value);
      return { ok: true, value: undefined };
    },
    'people.withdraw': ({ peer }) => withPeer(peer, (id) => settle(book.withdraw(id))),
    'people.accept': ({ peer }) =>
      withPeer(peer, async (id) => {
        const accepted = await settle(book.accept(id));
        if (accepted.ok) node.accepted(id);
        return accepted;
      }),
    'people.decline': ({ peer, ever }) => withPeer(peer, (id) => settle(book.decline(id, ever ? 'ever' : 'once'))),
    'people.block': ({ peer }) => withPeer(peer, (id) => part(id, 'block')),
    'people.unblock': ({ peer }) => withPeer(peer, (id) => settle(book.unblock(id))),
    'people.remove': ({ peer }) => withPeer(peer, (id) => part(id, 'remove')),
    'people.rename': ({ peer, alias }) => withPeer(peer, (id) => settle(book.setAlias(id, alias))),
    'people.confirm-words': ({ peer, confirmed }) => withPeer(peer, (id) => settle(book.setConfirmed(id, confirmed))),
    'people.scope': ({ peer, scope }) =>
      withPeer(peer, async (id) => {
        const link = node.link(id);
        return link === null ? notFound('contact') : keep(await link.setScope(scope));
      }),
    'people.nearby': async ({ on }) => {
      node.setNearby(on);
      return { ok: true, value: undefined };
    },
    'people.ask-nearby': ({ peer }) =>
      withPeer(peer, async (id) => {
        const person = node.announcer.nearby.people(running.elapsedMs()).find((each) => each.peer === id);
        if (person === undefined) return notFound('person nearby');
        const { token, name } = person;
        const asked = await book.ask({ contactKey: toContactKey(id), token }, '', { alias: name === '' ? null : name });
        if (!asked.ok) return { ok: false, error: toPeopleError(asked.error) };
        followAsk(asked.value);
        return { ok: true, value: undefined };
      }),
    'people.check': async () => {
      if (running.check === null) return off(running.socketProblem);
      const findings = await running.check.run(node.situation);
      const severities = { ok: 'ok', warning: 'warn', problem: 'error' } as const;
      const value = findings.map(({ kind, severity, message }) => ({ kind, message, severity: severities[severity] }));
      return { ok: true, value };
    },
    'messages.page': async ({ with: of, before, limit }) => {
      const from = before === null ? null : parseEntryId(before);
      if (before !== null && from === null) return notFound('message');
      const name = of.kind === 'peer' ? { peer: of.peer } : { room: of.room };
      // One more than is asked tells whether there are older ones.
      const found = log.messages(name, { limit: limit + 1, ...(from === null ? {} : { before: from }) });
      const messages = found.slice(-limit).flatMap(({ id }) => viewOf(id) ?? []);
      return { ok: true, value: { messages, more: found.length > limit } };
    },
    'messages.send': async ({ with: to, text }) => {
      const receivers = receiversOf(to);
      const room = to.kind === 'room' && isRoomId(to.room) ? to.room : null;
      const posted = await node.outbox.post({ text, room, receivers });
      if (!posted.ok) return { ok: false, error: { kind: 'refused', message: posted.error.message } };
      const message = viewOf(posted.value.id);
      if (message !== null) return { ok: true, value: message };
      const waiting = 'The message waits for the disk; it is sent once the log can be written.';
      return { ok: false, error: { kind: 'io', message: waiting } };
    },
    'messages.shown': ({ ids }) => {
      const byPeer = new Map<PeerId, EntryId[]>();
      for (const text of ids) {
        const id = parseEntryId(text);
        const from = id === null ? null : (log.message(id)?.from ?? null);
        if (id !== null && isPeerId(from)) byPeer.set(from, [...(byPeer.get(from) ?? []), id]);
      }
      // It resolves when the disk has it, which may refuse for long: nobody waits for that.
      for (const [peer, own] of byPeer)
        void node
          .link(peer)
          ?.markShown(own)
          .then(() => onShown(own));
      return Promise.resolve({ ok: true, value: undefined });
    },
    'room.make': async ({ title, members }) => {
      const made = await node.rooms.make(title, members.filter(isPeerId));
      return made.ok ? { ok: true, value: { room: made.value } } : refused(made.error.message);
    },
    'room.leave': async ({ room }) => {
      if (!isRoomId(room)) return notFound('room');
      const known = node.rooms.get(room);
      if (known === null) return notFound('room');
      if (known.maker !== book.identity.peerId) {
        return refused('Only the person who made a room can take you out of it. Ask them, or leave it unread.');
      }
      return keep(await node.rooms.change(room, known.title, []));
    },
  };

  function followAsk({ peer, kind }: AskOutcome): void {
    if (kind === 'accepted') node.accepted(peer);
    else node.bookChanged();
  }
}

type Answer<T> = Result<T, PeopleError>;

async function settle(work: Promise<Result<void, ContactError>>): Promise<Answer<void>> {
  const done = await work;
  return done.ok ? done : { ok: false, error: toPeopleError(done.error) };
}

function keep(kept: Result<void, { readonly message: string } | LogError>): Answer<void> {
  return kept.ok ? kept : { ok: false, error: { kind: 'io', message: kept.error.message } };
}

function withPeer(peer: string, act: (peer: PeerId) => Promise<Answer<void>>): Promise<Answer<void>> {
  return isPeerId(peer) ? act(peer) : Promise.resolve(notFound('contact'));
}

function notFound(what: string): { readonly ok: false; readonly error: PeopleError } {
  return { ok: false, error: { kind: 'not-found', message: `There is no such ${what} any more.` } };
}

function refused(message: string): { readonly ok: false; readonly error: PeopleError } {
  return { ok: false, error: { kind: 'refused', message } };
}

function off(problem: string | null): { readonly ok: false; readonly error: PeopleError } {
  const message = problem ?? 'The network is off here, so there is nothing to check.';
  return { ok: false, error: { kind: 'off', message } };
}

function codeFailure(error: ReadError): { readonly ok: false; readonly error: CodeError } {
  return { ok: false, error: toCodeError(error) };
}

function ownCode(): { readonly ok: false; readonly error: CodeError } {
  const message = 'This is your own code. Ask the other person for theirs.';
  return { ok: false, error: { kind: 'own-code', message, groups: [] } };
}

function badAddress(): { readonly ok: false; readonly error: CodeError } {
  const message =
    'There is no machine by this address. Write it like 192.168.1.7 or 192.168.1.7:41975, or leave it empty.';
  return { ok: false, error: { kind: 'bad-address', message, groups: [] } };
}
