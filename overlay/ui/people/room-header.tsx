/**
 * The head of a room: its title, who is in it and which of them can be reached, and the way out.
 */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PeopleState, Room } from '../../ipc/index.ts';
import { findContact, nameOfPeer } from './conversations.ts';
import { LinkDot, PersonName } from './person-parts.tsx';
import { QuestionLine } from './question-line.tsx';
import { isolated, shownName } from './shown-name.ts';
import { useOrders } from './use-orders.ts';

interface RoomHeaderProps {
  readonly room: Room;
  readonly people: PeopleState;
}

export function RoomHeader({ room, people }: RoomHeaderProps): VNode {
  const order = useOrders();
  const [asked, setAsked] = useState(false);
  const title = shownName(room.title, 'Room without a title');
  const strangers = room.members.filter((peer) => findContact(people, peer) === null).length;
  return (
    <header class="talk-header">
      <div class="talk-title-line">
        <h2 class="talk-title">
          <bdi>{title}</bdi>
        </h2>
        <span class="hint">room</span>
        <span class="talk-tools">
          <button type="button" class="button small danger" onClick={() => setAsked(true)}>
            Leave…
          </button>
        </span>
      </div>
      <ul class="room-members" aria-label="Members">
        <li>You</li>
        {room.members.map((peer) => {
          const contact = findContact(people, peer);
          return (
            <li key={peer}>
              {contact !== null && <LinkDot state={contact.state} />}
              <PersonName name={nameOfPeer(people, peer)} />
              {contact !== null && <span class="hint">{contact.state}</span>}
            </li>
          );
        })}
      </ul>
      {strangers > 0 && (
        <p class="hint">What you write does not reach members who are not your contacts, and theirs not you.</p>
      )}
      {asked && (
        <QuestionLine
          label={`Leave ${title}?`}
          deed="Leave"
          onKeep={() => setAsked(false)}
          onDo={() => void order('room.leave', { room: room.room }, `Left ${isolated(title)}.`)}
        >
          Leave <bdi>{title}</bdi>? It goes from your list; messages to it reach you no more.
        </QuestionLine>
      )}
    </header>
  );
}
