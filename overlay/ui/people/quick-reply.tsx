/**
 * The composer over the game: answers the last conversation without the panel. Enter sends and gives the keyboard back
 * to the game at once; Escape gives it back and keeps the draft. A failure is told on the HUD, and the text is a draft
 * again.
 */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Conversation, PeopleState } from '../../ipc/index.ts';
import { MAX_MESSAGE_CHARS } from '../../ipc/index.ts';
import { trapTab } from '../panel/focus-trap.ts';
import { ask } from '../screen/bridge.ts';
import { timeText } from '../screen/clock-text.ts';
import { peopleOf } from '../screen/model.ts';
import { useScreen } from '../screen/screen-context.ts';
import {
  connectionText,
  conversationKey,
  findContact,
  hasConversation,
  latestConversation,
  nameOfPeer,
  talkItems,
  titleOf,
} from './conversations.ts';
import { lengthText } from './message-length.ts';
import { LinkDot } from './person-parts.tsx';
import { isolated } from './shown-name.ts';
import { useShown } from './use-shown.ts';
import { useTalk } from './use-talk.ts';

/** Messages shown over the field. */
const lastMessages = 4;

/** A message that stood there for this long, whole, was shown. */
const seenAfterMs = 1_000;
/** Higher than its two lines by more than this, an entry is cut. */
const roundingPx = 2;

/** Ids of the messages of others in `list` that were not shown before and stand there whole. */
function wholeOnes(list: HTMLElement): readonly string[] {
  return [...list.querySelectorAll<HTMLElement>('[data-unshown]')].flatMap((element) => {
    const { unshown } = element.dataset;
    const whole = element.scrollHeight <= element.clientHeight + roundingPx;
    return whole && unshown !== undefined ? [unshown] : [];
  });
}

function LastMessages({ people, conversation }: { people: PeopleState; conversation: Conversation }): VNode | null {
  const { bridge, app } = useScreen();
  const { state } = useTalk(bridge, conversation, lastMessages);
  const list = useRef<HTMLOListElement>(null);
  const tell = useShown(bridge);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (list.current !== null && app.onScreen) tell(wholeOnes(list.current));
    }, seenAfterMs);
    return () => clearTimeout(timer);
  }, [state.messages, app.onScreen, tell]);
  if (state.phase === 'failed') return <p class="reply-note">{state.problem}</p>;
  const shown = state.messages.slice(-lastMessages);
  if (shown.length === 0) return null;
  return (
    <ol class="reply-last" aria-label="Last messages" ref={list}>
      {shown.map((message) => (
        <li key={message.id} {...(message.shown ? {} : { 'data-unshown': message.id })}>
          <time>{timeText(message.atMs).slice(0, 5)}</time>{' '}
          <b>
            <bdi>{message.from === null ? 'You' : nameOfPeer(people, message.from)}</bdi>
          </b>{' '}
          <bdi>{message.text}</bdi>
        </li>
      ))}
    </ol>
  );
}

interface ReplyFormProps {
  readonly people: PeopleState;
  readonly first: Conversation;
  readonly onClose: () => void;
}

function ReplyForm({ people, first, onClose }: ReplyFormProps): VNode {
  const { bridge, model, dispatch } = useScreen();
  const [conversation, setConversation] = useState(first);
  const [text, setText] = useState(model.drafts[conversationKey(first)] ?? '');
  const field = useRef<HTMLTextAreaElement>(null);
  const key = conversationKey(conversation);
  const contact = conversation.kind === 'peer' ? findContact(people, conversation.peer) : null;
  useLayoutEffect(() => field.current?.focus(), [key]);
  // A draft is kept when the composer goes, whichever way.
  const latest = useRef({ conversation, text });
  latest.current = { conversation, text };
  const sent = useRef(false);
  useEffect(
    () => () => {
      if (!sent.current) dispatch({ kind: 'draft', ...latest.current });
    },
    [dispatch],
  );

  const choose = (next: Conversation): void => {
    dispatch({ kind: 'draft', conversation, text });
    setConversation(next);
    setText(model.drafts[conversationKey(next)] ?? '');
  };
  const send = (): void => {
    const wanted = text;
    if (wanted.trim() === '') return;
    sent.current = true;
    dispatch({ kind: 'draft', conversation, text: '' });
    const title = titleOf(people, conversation);
    const deliver = async (): Promise<void> => {
      const answer = await ask(bridge, 'messages.send', { with: conversation, text: wanted });
      if (answer.ok && answer.value.ok) return;
      const why = !answer.ok ? answer.message : answer.value.ok ? '' : answer.value.error.message;
      const problem = `Not sent to ${isolated(title)}: ${why} Your text waits as a draft.`;
      dispatch({ kind: 'unsent', conversation, text: wanted, problem });
    };
    void deliver();
    onClose();
  };
  const count = lengthText(text.length);
  return (
    <form
      class="reply-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="reply-head">
        <label class="reply-to">
          To
          <select
            value={key}
            onChange={(event) => {
              const wanted = talkItems(people).find((item) => item.key === event.currentTarget.value);
              if (wanted !== undefined) choose(wanted.conversation);
            }}
          >
            {talkItems(people).map((item) => (
              <option key={item.key} value={item.key} dir="auto">
                {item.title}
              </option>
            ))}
          </select>
        </label>
        {contact !== null && (
          <span class="link-word">
            <LinkDot state={contact.state} />
            {connectionText(contact, Date.now())}
          </span>
        )}
      </div>
      <LastMessages key={key} people={people} conversation={conversation} />
      <textarea
        ref={field}
        class="text-field composer-text"
        rows={1}
        value={text}
        maxLength={MAX_MESSAGE_CHARS}
        dir="auto"
        placeholder="Write a message"
        aria-label={`Message to ${titleOf(people, conversation)}`}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <p class="reply-foot">
        <span>
          <kbd>Enter</kbd> sends and goes back to the game
        </span>
        <span>
          <kbd>Esc</kbd> back, the text stays
        </span>
        {count !== null && <span class="composer-count">{count}</span>}
      </p>
    </form>
  );
}

export function QuickReply(): VNode {
  const { model, send } = useScreen();
  const card = useRef<HTMLDivElement>(null);
  const people = peopleOf(model);
  // Chosen once: a message that arrives while one writes must not change whom the answer goes to.
  const pinned = useRef<Conversation | null>(null);
  if (people !== null && !hasConversation(people, pinned.current)) pinned.current = latestConversation(people);
  const target = people === null ? null : pinned.current;
  const close = (): void => void send('overlay.interactive', { on: false });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.isComposing) close();
      if (card.current !== null) trapTab(card.current, event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  useLayoutEffect(() => {
    if (card.current?.contains(document.activeElement) !== true) card.current?.focus();
  }, []);
  return (
    <div
      class="reply-ground"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      <div class="reply-card" role="dialog" aria-label="Answer" tabIndex={-1} ref={card}>
        {people === null || target === null ? (
          <p class="reply-note" role="status">
            {model.people.kind === 'failed' ? `${model.people.message} ` : ''}
            {model.people.kind === 'loading' ? 'Asking who is there… ' : ''}
            {people === null ? '' : 'There is nobody to write to yet. '}
            <kbd>Esc</kbd> goes back to the game.
          </p>
        ) : (
          <ReplyForm key={conversationKey(target)} people={people} first={target} onClose={close} />
        )}
      </div>
    </div>
  );
}
