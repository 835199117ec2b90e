/**
 * Renaming, removing and blocking a contact, each said in full before it is done.
 */
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Contact } from '../../ipc/index.ts';
import { MAX_NAME_BYTES } from '../../ipc/index.ts';
import { cutToBytes } from './byte-count.ts';
import { QuestionLine } from './question-line.tsx';
import { isolated, shortPeer, shownName } from './shown-name.ts';
import { useOrders } from './use-orders.ts';

export type ContactDeed = 'rename' | 'remove' | 'block';

interface ContactDeedsProps {
  readonly contact: Contact;
  readonly deed: ContactDeed;
  readonly onDone: () => void;
}

function Rename({ contact, onDone }: Omit<ContactDeedsProps, 'deed'>): VNode {
  const order = useOrders();
  const { peer, toldName } = contact;
  const [typed, setTyped] = useState(contact.name);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  const save = async (): Promise<void> => {
    const wanted = typed.trim();
    // Their own name is no alias: it follows when they change it.
    if (await order('people.rename', { peer, alias: wanted === '' || wanted === toldName ? null : wanted })) onDone();
  };
  return (
    <form
      class="rename-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDone();
      }}
    >
      <input
        ref={field}
        class="text-field"
        type="text"
        value={typed}
        dir="auto"
        spellcheck={false}
        aria-label="Name for this contact; empty: the one that they tell"
        placeholder={shownName(toldName, shortPeer(peer))}
        onInput={(event) => setTyped(cutToBytes(event.currentTarget.value, MAX_NAME_BYTES))}
      />
      <button type="submit" class="button primary">
        Save
      </button>
      <button type="button" class="button" onClick={onDone}>
        Cancel
      </button>
      <span class="hint">Only you see it. Empty: the name that they tell.</span>
    </form>
  );
}

export function ContactDeeds({ contact, deed, onDone }: ContactDeedsProps): VNode {
  const order = useOrders();
  const { peer } = contact;
  const name = shownName(contact.name, shortPeer(peer));
  switch (deed) {
    case 'rename':
      return <Rename contact={contact} onDone={onDone} />;
    case 'remove':
      return (
        <QuestionLine
          label={`Remove ${name}?`}
          deed="Remove"
          onKeep={onDone}
          onDo={() => void order('people.remove', { peer }, `Removed ${isolated(name)}.`)}
        >
          Remove <bdi>{name}</bdi>? You stop sharing and talking, and their program is told. Lines that were shared stay
          where they are, with both of you. To talk again, one of you has to ask.
        </QuestionLine>
      );
    case 'block':
      return (
        <QuestionLine
          label={`Block ${name}?`}
          deed="Block"
          onKeep={onDone}
          onDo={() =>
            void order('people.block', { peer }, `Blocked ${isolated(name)}. To take it back, see “My code”.`)
          }
        >
          Block <bdi>{name}</bdi>? Nothing of theirs reaches you any more, no message, no line, no request, and nothing
          of yours goes to them. They are told nothing. You can take it back.
        </QuestionLine>
      );
  }
}
