/**
 * What others see of the user: the name, the codes; and what belongs to the user alone: the backup and the blocked.
 */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PeopleState } from '../../ipc/index.ts';
import { MAX_NAME_BYTES } from '../../ipc/index.ts';
import { Backup } from './backup.tsx';
import { cutToBytes } from './byte-count.ts';
import { CodeCard } from './code-card.tsx';
import { shortPeer, shownName } from './shown-name.ts';
import { TokenList } from './token-list.tsx';
import { useOrders } from './use-orders.ts';
import { usePageFocus } from './use-page-focus.ts';

function MyName({ name }: { readonly name: string }): VNode {
  const order = useOrders();
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const changed = typed.trim() !== '' && typed.trim() !== name;
  return (
    <form
      class="name-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void order('people.set-name', { name: typed }, 'Your contacts see the name from now on.');
      }}
    >
      <label for="my-name">Name that others see</label>
      <input
        id="my-name"
        class="text-field"
        {...(name.trim() === '' ? { 'data-page-focus': '' } : {})}
        type="text"
        value={typed}
        dir="auto"
        placeholder="Your name"
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setTyped(cutToBytes(event.currentTarget.value, MAX_NAME_BYTES))}
      />
      <button type="submit" class="button" disabled={!changed}>
        Save
      </button>
    </form>
  );
}

function BlockedList({ blocked }: { readonly blocked: PeopleState['blockedPeers'] }): VNode | null {
  const order = useOrders();
  if (blocked.length === 0) return null;
  return (
    <section class="people-group" aria-labelledby="blocked-title">
      <h3 id="blocked-title">Blocked</h3>
      <ul class="blocked-list">
        {blocked.map(({ peer, name }) => (
          <li key={peer}>
            <bdi>{shownName(name, shortPeer(peer))}</bdi>
            <code class="hint">{shortPeer(peer)}</code>
            <button
              type="button"
              class="button small"
              aria-label={`Unblock ${shownName(name, shortPeer(peer))}`}
              onClick={() => void order('people.unblock', { peer }, 'Unblocked. They may ask and write again.')}
            >
              Unblock
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function MyCode({ people }: { readonly people: PeopleState }): VNode {
  const { me } = people;
  const page = usePageFocus<HTMLElement>();
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = me.tokens.some(({ code }) => code === chosen) ? chosen : me.code;
  return (
    <section class="people-page" aria-label="My code" ref={page}>
      <h2>My code</h2>
      <MyName name={me.name} />
      {me.name.trim() === '' && <p class="hint">Without a name, those whom you ask see none.</p>}
      {shown !== null && shown !== '' && <CodeCard code={shown} />}
      <TokenList me={me} shown={shown ?? ''} onShow={setChosen} />
      <BlockedList blocked={people.blockedPeers} />
      <Backup />
    </section>
  );
}
