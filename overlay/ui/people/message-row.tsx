/**
 * The rows of a conversation: a message with its state, the line of a day, the mark before what is unread.
 */
import type { VNode } from 'preact';
import type { PeopleState } from '../../ipc/index.ts';
import { dayText, timeText } from '../screen/clock-text.ts';
import { nameOfPeer } from './conversations.ts';
import { deliveryOf } from './delivery.ts';
import type { Delivery, DeliverySign } from './delivery.ts';
import { PersonName } from './person-parts.tsx';
import type { TalkRow } from './talk-rows.ts';

/** Clock; one tick; two ticks; two ticks on a disk's line; an eye: told apart by form, not by colour. */
const signPaths: Readonly<Record<DeliverySign, string>> = {
  waiting: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.3',
  sent: 'M3 8.5h9m-3.5-3.5l3.5 3.5l-3.5 3.5',
  received: 'M3.5 8.5l3 3l6-7',
  kept: 'M1.5 8.5l3 3l5.5-6.5m-2 6.2l.4.3l6-7',
  shown: 'M1.5 8s2.4-4 6.5-4s6.5 4 6.5 4s-2.4 4-6.5 4s-6.5-4-6.5-4zM8 6.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 0 0 0-3.4z',
};

function DeliveryMark({ delivery }: { readonly delivery: Delivery }): VNode {
  return (
    <span class={`delivery delivery-${delivery.sign}`} title={delivery.title}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={signPaths[delivery.sign]} />
      </svg>
      {delivery.word}
    </span>
  );
}

interface TalkRowViewProps {
  readonly row: TalkRow;
  readonly people: PeopleState | null;
}

export function TalkRowView({ row, people }: TalkRowViewProps): VNode {
  if (row.kind === 'day') {
    return (
      <div class="talk-day" role="separator">
        <span>{dayText(row.atMs)}</span>
      </div>
    );
  }
  if (row.kind === 'unread') {
    return (
      <div class="talk-day talk-unread" role="separator">
        <span>Unread from here</span>
      </div>
    );
  }
  const { message, leads } = row;
  const own = message.from === null;
  const delivery = deliveryOf(message, people);
  return (
    <article
      class={`talk-message${own ? ' own' : ''}${leads ? ' leads' : ''}`}
      {...(own || message.shown ? {} : { 'data-unshown': message.id })}
    >
      {leads && (
        <p class="talk-head">
          <b>{own ? 'You' : <PersonName name={nameOfPeer(people, message.from)} />}</b>
        </p>
      )}
      <div class="talk-bubble">
        <p class="talk-text" dir="auto">
          {message.text}
        </p>
        <p class="talk-foot">
          <time dateTime={new Date(message.atMs).toISOString()}>{timeText(message.atMs).slice(0, 5)}</time>
          {delivery !== null && <DeliveryMark delivery={delivery} />}
        </p>
      </div>
    </article>
  );
}
