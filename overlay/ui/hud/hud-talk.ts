/**
 * What people say on the HUD: the newest messages to the user, one quiet line for those who ask to be a contact, and one
 * for what could not be sent. Bounded, so that no flood takes the HUD; whatever finds no room is counted as unread.
 */
import type { Message, PeopleState, WaitingRequest } from '../../ipc/index.ts';
import { MAX_REQUESTS } from '../../ipc/index.ts';
import { isolated, shownName } from '../people/shown-name.ts';

/** Messages on the HUD at once; more are read in the panel. */
export const talkCapacity = 4;
/** After a line about requests the next one comes no sooner: a flood of requests is one line. */
export const requestQuietMs = 5 * 60_000;

/** One line for all who asked since the last one. */
export interface RequestNotice {
  readonly newest: WaitingRequest;
  /** Peer ids, each once. */
  readonly askers: readonly string[];
}

export interface HudTalk {
  /** Messages of others, oldest first. */
  readonly messages: readonly Message[];
  readonly requests: RequestNotice | null;
  /** When the last line about requests came up; null: none did. */
  readonly requestsSaidMs: number | null;
  /** A sentence about what could not be sent. */
  readonly problem: { readonly serial: number; readonly text: string } | null;
}

export const emptyHudTalk: HudTalk = { messages: [], requests: null, requestsSaidMs: null, problem: null };

/** Takes a message in: one of another that was not shown yet, or a change of one that stands there. */
export function addMessage(talk: HudTalk, message: Message): HudTalk {
  if (talk.messages.some(({ id }) => id === message.id)) {
    return { ...talk, messages: talk.messages.map((held) => (held.id === message.id ? message : held)) };
  }
  if (message.from === null || message.shown) return talk;
  return { ...talk, messages: [...talk.messages, message].slice(-talkCapacity) };
}

export function dropMessage(talk: HudTalk, id: string): HudTalk {
  return talk.messages.some((held) => held.id === id)
    ? { ...talk, messages: talk.messages.filter((held) => held.id !== id) }
    : talk;
}

/** Takes a request in: into the line that stands there, or as a line of its own when the last one is long enough ago. */
export function addRequest(talk: HudTalk, request: WaitingRequest): HudTalk {
  if (talk.requests !== null) {
    const others = talk.requests.askers.filter((peer) => peer !== request.peer);
    return { ...talk, requests: { newest: request, askers: [...others, request.peer].slice(-MAX_REQUESTS) } };
  }
  const sinceMs = talk.requestsSaidMs === null ? Number.POSITIVE_INFINITY : request.atMs - talk.requestsSaidMs;
  // A clock that was set back must not silence the line for good.
  if (sinceMs >= 0 && sinceMs < requestQuietMs) return talk;
  return { ...talk, requests: { newest: request, askers: [request.peer] }, requestsSaidMs: request.atMs };
}

export function dropRequests(talk: HudTalk): HudTalk {
  return talk.requests === null ? talk : { ...talk, requests: null };
}

/** `Ana asks to be your contact`, `5 people ask to be your contacts`. */
export function requestText({ newest, askers }: RequestNotice): string {
  if (askers.length === 1) return `${isolated(shownName(newest.name))} asks to be your contact`;
  return `${askers.length} people ask to be your contacts`;
}

/** What a changed state of people takes away: requests that wait no longer, messages of people who are blocked. */
export function fitToPeople(talk: HudTalk, people: PeopleState): HudTalk {
  const waiting = new Set(people.requests.map(({ peer }) => peer));
  const blocked = new Set(people.blockedPeers.map(({ peer }) => peer));
  const messages = talk.messages.filter(({ from }) => from === null || !blocked.has(from));
  const askers = talk.requests?.askers.filter((peer) => waiting.has(peer)) ?? [];
  const newest = people.requests.find(({ peer }) => peer === askers.at(-1));
  return {
    ...talk,
    messages: messages.length === talk.messages.length ? talk.messages : messages,
    requests: newest === undefined ? null : { newest, askers },
  };
}

export function tellProblem(talk: HudTalk, text: string): HudTalk {
  return { ...talk, problem: { serial: (talk.problem?.serial ?? 0) + 1, text } };
}

export function dropProblem(talk: HudTalk): HudTalk {
  return { ...talk, problem: null };
}

/** How many rows of chat are left beside those of people, of the `lines` that the settings give the HUD; at least one. */
export function chatRows(lines: number, talk: HudTalk): number {
  const others = talk.messages.length + (talk.requests === null ? 0 : 1) + (talk.problem === null ? 0 : 1);
  return Math.max(1, lines - others);
}
