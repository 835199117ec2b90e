/**
 * The left column of the People panel: who asks, conversations and rooms, and how the network is. One tab stop for the
 * whole list; the arrow keys, Home and End go between its entries.
 */
import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { PeopleState } from '../../ipc/index.ts';
import { itemAfterKey } from '../panel/key-targets.ts';
import { countedText } from '../screen/clock-text.ts';
import { useNow } from '../screen/use-now.ts';
import { agoText, conversationKey, findContact, talkItems } from './conversations.ts';
import type { TalkItem } from './conversations.ts';
import { NetworkCheck } from './network-check.tsx';
import { networkText } from './network-text.ts';
import { CountBadge, LinkDot, PersonName } from './person-parts.tsx';
import { remainingText, viewKey } from './people-view.ts';
import type { PeopleView } from './people-view.ts';

interface PeopleSideProps {
  readonly people: PeopleState;
  readonly view: PeopleView;
  readonly onView: (view: PeopleView) => void;
}

interface EntryProps {
  readonly view: PeopleView;
  readonly current: boolean;
  /** The one entry of the list that Tab stops at. */
  readonly stop: boolean;
  readonly onView: (view: PeopleView) => void;
  readonly children: VNode | readonly VNode[];
}

function Entry({ view, current, stop, onView, children }: EntryProps): VNode {
  return (
    <li>
      <button
        type="button"
        class="side-entry"
        tabIndex={stop ? 0 : -1}
        {...(current ? { 'aria-current': 'true' as const } : {})}
        {...(stop ? { 'data-first-focus': '' } : {})}
        onClick={() => onView(view)}
      >
        {children}
      </button>
    </li>
  );
}

function TalkEntry({ item, people, nowMs }: { item: TalkItem; people: PeopleState; nowMs: number }): VNode {
  const { conversation, state } = item;
  const contact = conversation.kind === 'peer' ? findContact(people, conversation.peer) : null;
  const written = item.lastMessageMs === null ? '' : agoText(item.lastMessageMs, nowMs);
  return (
    <>
      <span class="side-line">
        <span class="side-title">
          <PersonName name={item.title} />
        </span>
        <CountBadge count={item.unshown} what="unread" />
      </span>
      <span class="side-line side-facts">
        {state === null ? (
          <span>{countedText(item.members + 1, 'member')}</span>
        ) : (
          <span class="link-word">
            <LinkDot state={state} />
            {state === 'connecting' ? 'connecting…' : state}
          </span>
        )}
        {item.warned && contact !== null && (
          <span class="side-warning">{contact.warning === 'key-changed' ? 'other key!' : 'same name'}</span>
        )}
        <span class="side-when">{written}</span>
      </span>
    </>
  );
}

export function PeopleSide({ people, view, onView }: PeopleSideProps): VNode {
  const list = useRef<HTMLDivElement>(null);
  const nowMs = useNow(people.nearby.untilMs === null ? 30_000 : 1_000);
  const [checking, setChecking] = useState(false);
  const items = useMemo(() => talkItems(people), [people]);
  const chosenKey = viewKey(view);
  const talkViews = items.map((item) => ({ item, view: { kind: 'talk', conversation: item.conversation } as const }));
  const hasRequests = people.requests.length > 0;
  const listed = [...(hasRequests ? ['requests'] : []), ...talkViews.map((entry) => viewKey(entry.view)), 'nearby'];
  const stopKey = listed.includes(chosenKey) ? chosenKey : listed[0];
  const entry = (target: PeopleView, children: EntryProps['children']): VNode => (
    <Entry
      key={target.kind === 'talk' ? conversationKey(target.conversation) : target.kind}
      view={target}
      current={viewKey(target) === chosenKey}
      stop={viewKey(target) === stopKey}
      onView={onView}
    >
      {children}
    </Entry>
  );
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('.side-entry') ?? [])];
    const at = entries.findIndex((element) => element === document.activeElement);
    const target = at === -1 ? null : itemAfterKey(event.key, at, entries.length);
    if (target === null || event.key === 'ArrowLeft' || event.key === 'ArrowRight') return;
    event.preventDefault();
    entries[target]?.focus();
  };
  const [firstRequest] = people.requests;
  const network = networkText(people.network);
  return (
    <nav class="people-side" aria-label="People">
      <div class="side-actions">
        <button
          type="button"
          class="button primary"
          aria-pressed={view.kind === 'add'}
          onClick={() => onView({ kind: 'add' })}
        >
          Add someone
        </button>
        <button type="button" class="button" aria-pressed={view.kind === 'me'} onClick={() => onView({ kind: 'me' })}>
          My code
        </button>
      </div>
      <div class="side-scroll" ref={list} onKeyDown={onKeyDown}>
        {firstRequest !== undefined && (
          <ul class="side-list" aria-label="Requests">
            {entry(
              { kind: 'requests' },
              <span class="side-line side-asking">
                <span class="side-title">
                  {people.requests.length === 1 ? (
                    <>
                      <PersonName name={firstRequest.name} /> asks
                    </>
                  ) : (
                    `${people.requests.length} people ask`
                  )}
                </span>
                <CountBadge count={people.requests.length} what="waiting" />
              </span>,
            )}
          </ul>
        )}
        <div class="side-head">
          <h3 id="side-talks">Conversations</h3>
          {people.contacts.length > 0 && (
            <button type="button" class="link-button" onClick={() => onView({ kind: 'room' })}>
              New room
            </button>
          )}
        </div>
        <ul class="side-list" aria-labelledby="side-talks">
          {talkViews.map(({ item, view: target }) =>
            entry(target, <TalkEntry item={item} people={people} nowMs={nowMs} />),
          )}
        </ul>
        {items.length === 0 && <p class="side-empty">Nobody yet. Give somebody your code, or add them by theirs.</p>}
        <ul class="side-list side-last" aria-label="In this room">
          {entry(
            { kind: 'nearby' },
            <span class="side-line">
              <span class="side-title">Nearby</span>
              <span class="side-when">
                {people.nearby.untilMs === null ? 'off' : `on, ${remainingText(people.nearby.untilMs, nowMs)}`}
              </span>
            </span>,
          )}
        </ul>
      </div>
      <div class={`side-network tone-${network.tone}`}>
        <span class="network-word">{network.text}</span>
        <button type="button" class="link-button" onClick={() => setChecking(true)}>
          Check…
        </button>
      </div>
      {checking && <NetworkCheck network={people.network} onClose={() => setChecking(false)} />}
    </nav>
  );
}
