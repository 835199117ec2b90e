/**
 * One conversation: who it is with, what they may see, the messages, and where one writes.
 */
import type { VNode } from 'preact';
import type { Conversation, PeopleState } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';
import { Composer } from './composer.tsx';
import { ContactHeader } from './contact-header.tsx';
import { findContact, findRoom, titleOf } from './conversations.ts';
import { RoomHeader } from './room-header.tsx';
import { TalkList } from './talk-list.tsx';
import { useOrders } from './use-orders.ts';
import { usePageFocus } from './use-page-focus.ts';
import { useTalk } from './use-talk.ts';

interface ConversationViewProps {
  readonly people: PeopleState;
  /** Keyed by it: another one is another component. */
  readonly conversation: Conversation;
}

export function ConversationView({ people, conversation }: ConversationViewProps): VNode {
  const { bridge } = useScreen();
  const order = useOrders();
  const talk = useTalk(bridge, conversation);
  const page = usePageFocus<HTMLElement>();
  const title = titleOf(people, conversation);
  const contact = conversation.kind === 'peer' ? findContact(people, conversation.peer) : null;
  const room = conversation.kind === 'room' ? findRoom(people, conversation.room) : null;
  const blocked = contact?.blocked === true;
  const away = contact !== null && contact.state !== 'connected';
  return (
    <section class="conversation" aria-label={`Conversation: ${title}`} ref={page}>
      {contact !== null && <ContactHeader contact={contact} />}
      {room !== null && <RoomHeader room={room} people={people} />}
      <TalkList talk={talk} people={people} title={title} />
      {blocked ? (
        <div class="composer-closed">
          <span>
            You blocked <bdi>{title}</bdi>: nothing goes either way.
          </span>
          <button type="button" class="button" onClick={() => void order('people.unblock', { peer: contact.peer })}>
            Unblock
          </button>
        </div>
      ) : (
        <Composer
          conversation={conversation}
          title={title}
          placeholder={away ? 'Write; it is kept here and goes out when they are back' : 'Write a message'}
          onSent={talk.take}
        />
      )}
    </section>
  );
}
