/**
 * A room to be made: a title and those of the contacts who are in it.
 */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PeopleState } from '../../ipc/index.ts';
import { MAX_NAME_BYTES, MAX_ROOM_MEMBERS, MAX_ROOMS } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';
import { cutToBytes } from './byte-count.ts';
import { LinkDot, PersonName } from './person-parts.tsx';
import type { PeopleView } from './people-view.ts';
import { usePageFocus } from './use-page-focus.ts';

interface RoomFormProps {
  readonly people: PeopleState;
  readonly onView: (view: PeopleView) => void;
}

export function RoomForm({ people, onView }: RoomFormProps): VNode {
  const { send, tell } = useScreen();
  const [title, setTitle] = useState('');
  const [members, setMembers] = useState<readonly string[]>([]);
  const page = usePageFocus<HTMLElement>();
  const contacts = people.contacts.filter(({ blocked }) => !blocked);
  const most = MAX_ROOM_MEMBERS - 1;
  const full = people.rooms.length >= MAX_ROOMS;
  const ready = title.trim() !== '' && members.length > 0 && !full;
  const make = async (): Promise<void> => {
    const answer = await send('room.make', { title, members: [...members] });
    if (!answer.ok) return;
    if (!answer.value.ok) return tell(answer.value.error.message, 'error');
    onView({ kind: 'talk', conversation: { kind: 'room', room: answer.value.value.room } });
  };
  return (
    <section class="people-page" aria-label="New room" ref={page}>
      <h2>New room</h2>
      <p class="hint">
        What you write there goes to each member who is your contact. Members see who else is in it; they are not
        contacts of each other by it.
      </p>
      <form
        class="people-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void make();
        }}
      >
        <label class="form-field" for="room-title">
          Title
          <input
            id="room-title"
            class="text-field"
            data-page-focus
            type="text"
            value={title}
            dir="auto"
            autocomplete="off"
            placeholder="Friday raid"
            onInput={(event) => setTitle(cutToBytes(event.currentTarget.value, MAX_NAME_BYTES))}
          />
        </label>
        <fieldset class="member-choice">
          <legend>
            Members ({members.length} of at most {most})
          </legend>
          {contacts.map((contact) => {
            const on = members.includes(contact.peer);
            return (
              <label key={contact.peer} class="member-option">
                <input
                  type="checkbox"
                  checked={on}
                  disabled={!on && members.length >= most}
                  onChange={() =>
                    setMembers(on ? members.filter((held) => held !== contact.peer) : [...members, contact.peer])
                  }
                />
                <PersonName name={contact.name} />
                <span class="link-word hint">
                  <LinkDot state={contact.state} />
                  {contact.state}
                </span>
              </label>
            );
          })}
        </fieldset>
        {full && <p class="field-problem">{MAX_ROOMS} rooms are all there can be. Leave one to make another.</p>}
        <div class="form-actions">
          <button type="submit" class="button primary" disabled={!ready}>
            Make the room
          </button>
        </div>
      </form>
    </section>
  );
}
