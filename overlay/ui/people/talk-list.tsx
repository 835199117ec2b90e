/**
 * The messages of a conversation, the newest at the bottom. It stays at the bottom while the user is there, loads older
 * pages as they scroll up, and tells which messages came into view.
 */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PeopleState } from '../../ipc/index.ts';
import { countText, localDay } from '../screen/clock-text.ts';
import { useDebounced } from '../screen/debounce.ts';
import { useScreen } from '../screen/screen-context.ts';
import { TalkRowView } from './message-row.tsx';
import { buildTalkRows } from './talk-rows.ts';
import { messageCapacity } from './talk-state.ts';
import type { Talk } from './use-talk.ts';
import { useShown } from './use-shown.ts';

interface TalkListProps {
  readonly talk: Talk;
  readonly people: PeopleState;
  readonly title: string;
}

/** This close to an end counts as being there, CSS px. */
const endPx = 40;
const loadAheadPx = 300;
const lookPauseMs = 120;

/** Ids of the messages that were not shown yet and whose end stands in the view. */
function inView(view: HTMLElement): readonly string[] {
  const frame = view.getBoundingClientRect();
  return [...view.querySelectorAll<HTMLElement>('[data-unshown]')].flatMap((element) => {
    const { bottom, height } = element.getBoundingClientRect();
    const seen = height > 0 && bottom > frame.top && bottom <= frame.bottom + 1;
    const { unshown } = element.dataset;
    return seen && unshown !== undefined ? [unshown] : [];
  });
}

export function TalkList({ talk, people, title }: TalkListProps): VNode {
  const { bridge, app } = useScreen();
  const { state } = talk;
  const view = useRef<HTMLDivElement>(null);
  const shown = useShown(bridge);
  const [below, setBelow] = useState(false);
  /** What the view was before the last change. */
  const last = useRef({ heightPx: 0, atEnd: true, oldest: '', newest: '', serial: -1 });

  const look = useDebounced((element: HTMLElement) => {
    if (app.onScreen) shown(inView(element));
  }, lookPauseMs);
  const rows = useMemo(
    () => buildTalkRows(state.messages, state.firstUnread, localDay),
    [state.messages, state.firstUnread],
  );
  // The same nodes while nothing changed: typing beside them redraws none of them.
  const drawn = useMemo(
    () => rows.map((row) => <TalkRowView key={row.key} row={row} people={people} />),
    [rows, people],
  );

  useLayoutEffect(() => {
    const element = view.current;
    if (element === null) return;
    const oldest = state.messages[0]?.id ?? '';
    const newest = state.messages.at(-1);
    const before = last.current;
    const opened = before.serial !== state.serial || before.newest === '';
    const prepended = !opened && oldest !== before.oldest && newest?.id === before.newest;
    const arrived = !opened && newest !== undefined && newest.id !== before.newest;
    if (opened) {
      const mark = element.querySelector<HTMLElement>('.talk-unread');
      element.scrollTop = element.scrollHeight;
      if (mark !== null && mark.offsetTop < element.scrollTop) element.scrollTop = mark.offsetTop - 8;
    } else if (prepended) element.scrollTop += element.scrollHeight - before.heightPx;
    else if (before.atEnd || (arrived && newest.from === null)) element.scrollTop = element.scrollHeight;
    else if (arrived) setBelow(true);
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < endPx;
    last.current = { heightPx: element.scrollHeight, atEnd, oldest, newest: newest?.id ?? '', serial: state.serial };
  }, [state.messages, state.serial]);
  useLayoutEffect(() => {
    const element = view.current;
    if (element === null) return undefined;
    // A composer that grows takes height from the view: who was at the end stays there.
    const observer = new ResizeObserver(() => {
      if (last.current.atEnd) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (view.current !== null) look.call(view.current);
  }, [state.messages, app.onScreen, look]);

  const onScroll = (): void => {
    const element = view.current;
    if (element === null) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < endPx;
    last.current = { ...last.current, atEnd, heightPx: element.scrollHeight };
    if (atEnd) setBelow(false);
    if (element.scrollTop < loadAheadPx) talk.loadOlder();
    look.call(element);
  };
  const capped = state.more && state.messages.length >= messageCapacity;
  return (
    <div class="talk-frame">
      <div
        class="talk-view"
        ref={view}
        tabIndex={0}
        role="log"
        aria-label={`Messages with ${title}`}
        aria-busy={state.phase === 'loading'}
        onScroll={onScroll}
      >
        {state.phase === 'older' && <p class="talk-note">Earlier messages…</p>}
        {capped && <p class="talk-note">The newest {countText(messageCapacity)} messages are listed.</p>}
        {state.phase === 'ready' && !state.more && state.messages.length > 0 && (
          <p class="talk-note">This is where it begins.</p>
        )}
        {drawn}
        {state.phase === 'loading' && state.messages.length === 0 && <p class="talk-note">Reading messages…</p>}
        {state.phase === 'ready' && state.messages.length === 0 && (
          <p class="talk-note talk-empty">No message yet. What you write is kept until they have it.</p>
        )}
        {state.phase === 'failed' && (
          <p class="talk-note tone-error" role="alert">
            <span class="talk-problem">{state.problem}</span>{' '}
            <button type="button" class="link-button" onClick={talk.retry}>
              Try again
            </button>
          </p>
        )}
      </div>
      {below && (
        <button
          type="button"
          class="talk-below"
          onClick={() => {
            setBelow(false);
            view.current?.scrollTo({ top: view.current.scrollHeight });
          }}
        >
          New messages ↓
        </button>
      )}
    </div>
  );
}
