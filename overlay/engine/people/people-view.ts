/** Everything that the screen shows of people, from the book, the links and the log. Spec: `overlay/ipc/people.ts`. */
import type {
  AskedView,
  ContactBook,
  ContactView,
  Endpoint,
  NetNode,
  PeerId,
  WaitingView,
} from '../../../net/index.ts';
import { audit, safetyWords } from '../../../net/index.ts';
import type { Conversation, Log } from '../../../storage/index.ts';
import type { AskedRequest, Contact, PeopleState, Room, SafetyWords, Scope, WaitingRequest } from '../../ipc/index.ts';
import { MAX_TOKENS } from '../../ipc/index.ts';

/** Peers whose safety words are remembered: they cost milliseconds. */
const WORDS_LIMIT = 1_024;

export interface PeopleViewParts {
  readonly book: ContactBook;
  readonly node: NetNode;
  readonly log: Log;
  readonly elapsedMs: () => number;
  readonly unixMs: () => number;
  readonly network: () => PeopleState['network'];
}

export class PeopleView {
  readonly #parts: PeopleViewParts;
  readonly #words = new Map<PeerId, SafetyWords>();

  constructor(parts: PeopleViewParts) {
    this.#parts = parts;
  }

  state(): PeopleState {
    const { book, network } = this.#parts;
    const conversations = this.#parts.log.conversations();
    const tokens = book.tokens().filter(({ heard }) => heard);
    const refused = book.refused().filter(({ how }) => how !== 'declined-once');
    return {
      me: {
        name: book.name,
        peerId: book.identity.peerId,
        code: tokens[0]?.code ?? '',
        tokens: tokens.slice(0, MAX_TOKENS).map(({ token, label, code, createdMs, expiresMs, quota, used }) => ({
          id: token,
          label,
          code,
          createdMs,
          expiresMs,
          quota,
          used,
        })),
      },
      network: network(),
      contacts: book.contacts().map((contact) => this.#contact(contact, conversations)),
      requests: book
        .waiting()
        .map((waiting) => this.request(waiting))
        .toReversed(),
      asked: book.asked().map(viewAsked),
      blockedPeers: refused.map(({ peer, name }) => ({ peer, name })),
      nearby: this.#nearby(),
      rooms: this.#rooms(conversations),
    };
  }

  request({ peer, name, note, receivedMs, tokenLabel }: WaitingView): WaitingRequest {
    return { peer, name, note, atMs: receivedMs, safetyWords: this.wordsOf(peer), viaLabel: tokenLabel };
  }

  wordsOf(peer: PeerId): SafetyWords {
    const known = this.#words.get(peer);
    if (known !== undefined) return known;
    if (this.#words.size >= WORDS_LIMIT) this.#words.clear();
    const words = safetyWords(this.#parts.book.identity.peerId, peer);
    this.#words.set(peer, words);
    return words;
  }

  #contact(contact: ContactView, conversations: readonly Conversation[]): Contact {
    const { node, log } = this.#parts;
    const { peer, warnings } = contact;
    const link = node.link(peer);
    const talk = conversations.find((each) => each.room === null && each.peer === peer);
    const sent = audit(log.state, peer).filter(({ lines }) => lines > 0);
    const told = link?.told ?? null;
    return {
      peer,
      name: contact.alias ?? contact.name,
      toldName: contact.name,
      state: node.presence(peer),
      lastSeenMs: contact.lastSeenMs,
      safetyWords: this.wordsOf(peer),
      wordsConfirmed: contact.confirmed,
      warning:
        warnings.length === 0 ? null : warnings.every((each) => each === 'same-name') ? 'same-name' : 'key-changed',
      blocked: false,
      scopeMine: link?.scope ?? { share: 'none', sinceMs: null, games: null, channels: null },
      scopeTheirs: told === null ? null : withoutRevision(told),
      unshown: talk?.unshown ?? 0,
      lastMessageMs: talk?.last?.atMs ?? null,
      audit:
        sent.length === 0
          ? null
          : {
              lines: sent.reduce((sum, { lines }) => sum + lines, 0),
              lastMs: Math.max(...sent.map(({ sentMs }) => sentMs)),
            },
      endpoints: contact.endpoints.map(formatEndpoint),
    };
  }

  #nearby(): PeopleState['nearby'] {
    const { node, elapsedMs, unixMs } = this.#parts;
    const { nearby } = node.announcer;
    const endMs = nearby.endMs(elapsedMs());
    const people = nearby
      .people(elapsedMs())
      .map(({ peer, name }) => ({ peer, name, safetyWords: this.wordsOf(peer) }));
    return { untilMs: endMs === null ? null : Math.round(unixMs() + endMs - elapsedMs()), people };
  }

  #rooms(conversations: readonly Conversation[]): readonly Room[] {
    const own = this.#parts.book.identity.peerId;
    return this.#parts.node.rooms
      .list()
      .filter(({ members }) => members.includes(own))
      .map(({ room, title, members }) => {
        const talk = conversations.find((each) => each.room === room);
        const others = members.filter((member) => member !== own);
        return { room, title, members: others, unshown: talk?.unshown ?? 0, lastMessageMs: talk?.last?.atMs ?? null };
      });
  }
}

function viewAsked({ peer, alias, note, askedMs }: AskedView): AskedRequest {
  return { peer, codeHint: alias ?? peer.slice(0, 8), atMs: askedMs, note };
}

function withoutRevision({ share, sinceMs, games, channels }: Scope): Scope {
  return { share, sinceMs, games, channels };
}

/** As the user would type it. */
function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
