/**
 * The messages of one conversation as the screen holds them: pages that came, messages that arrived or changed
 * meanwhile, failures. Oldest first, in the order in which they came onto the disk.
 */
import type { Conversation, Message } from '../../ipc/index.ts';
import { conversationKey, conversationOf } from './conversations.ts';

/** Messages asked for at once. */
export const pageMessages = 50;
/** Most messages held; beyond it the oldest are let go and may be asked for again. */
export const messageCapacity = 2_000;

export interface TalkState {
  readonly serial: number;
  readonly key: string;
  readonly phase: 'loading' | 'older' | 'ready' | 'failed';
  readonly messages: readonly Message[];
  /** Whether the engine has older ones. */
  readonly more: boolean;
  readonly problem: string | null;
  /** The first message that was unread when the conversation was opened: a mark stands before it. */
  readonly firstUnread: string | null;
}

export type TalkAction =
  | { readonly kind: 'open'; readonly serial: number; readonly conversation: Conversation }
  | { readonly kind: 'older' }
  | {
      readonly kind: 'page';
      readonly serial: number;
      readonly messages: readonly Message[];
      readonly more: boolean;
      readonly first: boolean;
    }
  | { readonly kind: 'failed'; readonly serial: number; readonly message: string }
  | { readonly kind: 'message'; readonly message: Message };

export const emptyTalk: TalkState = {
  serial: 0,
  key: '',
  phase: 'loading',
  messages: [],
  more: false,
  problem: null,
  firstUnread: null,
};

/** Whether older messages may be asked for. */
export function canLoadOlder(state: TalkState): boolean {
  return state.phase === 'ready' && state.more && state.messages.length < messageCapacity;
}

/** Whether a message that is not at hand is older than all that are: it is asked for with its page. */
function isOlder(message: Message, messages: readonly Message[], more: boolean): boolean {
  const oldest = messages[0];
  return more && oldest !== undefined && message.atMs < oldest.atMs;
}

function withPage(state: TalkState, page: readonly Message[], more: boolean, first: boolean): TalkState {
  const common = { phase: 'ready', more, problem: null } as const;
  if (!first) {
    const held = new Set(state.messages.map(({ id }) => id));
    return { ...state, ...common, messages: [...page.filter(({ id }) => !held.has(id)), ...state.messages] };
  }
  // What arrived while the first page was under way is newer than it, unless the page holds it already.
  const found = new Set(page.map(({ id }) => id));
  const arrived = state.messages.filter((message) => !found.has(message.id) && !isOlder(message, page, more));
  const messages = [...page, ...arrived];
  return { ...state, ...common, messages, firstUnread: messages.find(({ shown }) => !shown)?.id ?? null };
}

function withMessage(state: TalkState, message: Message): TalkState {
  const conversation = conversationOf(message);
  if (conversation === null || conversationKey(conversation) !== state.key) return state;
  if (state.messages.some(({ id }) => id === message.id)) {
    return { ...state, messages: state.messages.map((held) => (held.id === message.id ? message : held)) };
  }
  if (isOlder(message, state.messages, state.more)) return state;
  const messages = [...state.messages, message];
  return messages.length <= messageCapacity
    ? { ...state, messages }
    : { ...state, messages: messages.slice(-messageCapacity), more: true };
}

/** The conversation after an action. An answer to an earlier question is dropped. */
export function reduceTalk(state: TalkState, action: TalkAction): TalkState {
  switch (action.kind) {
    case 'open':
      return { ...emptyTalk, serial: action.serial, key: conversationKey(action.conversation) };
    case 'older':
      return { ...state, phase: 'older' };
    case 'page':
      return action.serial === state.serial ? withPage(state, action.messages, action.more, action.first) : state;
    case 'failed':
      return action.serial === state.serial ? { ...state, phase: 'failed', problem: action.message } : state;
    case 'message':
      return withMessage(state, action.message);
  }
}
