/**
 * Adding somebody by their code: the request goes out until they accept it or it is taken back.
 */
import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { CodeError, PeopleState } from '../../ipc/index.ts';
import { MAX_CONTACTS, MAX_NOTE_BYTES } from '../../ipc/index.ts';
import { ask } from '../screen/bridge.ts';
import { useScreen } from '../screen/screen-context.ts';
import { useNow } from '../screen/use-now.ts';
import { cutToBytes } from './byte-count.ts';
import { CodeField } from './code-field.tsx';
import { bareCode } from './code-groups.ts';
import { agoText } from './conversations.ts';
import type { PeopleView } from './people-view.ts';
import { shownName } from './shown-name.ts';
import { useOrders } from './use-orders.ts';
import { usePageFocus } from './use-page-focus.ts';

interface AddSomeoneProps {
  readonly people: PeopleState;
  readonly onView: (view: PeopleView) => void;
}

function Waiting({ people }: { readonly people: PeopleState }): VNode | null {
  const order = useOrders();
  const nowMs = useNow(30_000);
  if (people.asked.length === 0) return null;
  return (
    <section class="people-group" aria-labelledby="asked-title">
      <h3 id="asked-title">Waiting for their answer</h3>
      <ul class="asked-list">
        {people.asked.map(({ peer, codeHint, atMs, note }) => (
          <li key={peer} class="asked">
            <span class="asked-hint">
              <bdi>{shownName(codeHint, 'A code')}</bdi>
            </span>
            <span class="hint">asked {agoText(atMs, nowMs)}</span>
            <button
              type="button"
              class="button small"
              aria-label={`Take back the request to ${shownName(codeHint, 'a code')}`}
              onClick={() => void order('people.withdraw', { peer }, 'Took the request back.')}
            >
              Take back
            </button>
            {note.trim() !== '' && (
              <p class="asked-note" dir="auto">
                {note}
              </p>
            )}
          </li>
        ))}
      </ul>
      <p class="hint">It is repeated while both of you are on this network, until they accept. They may be away.</p>
    </section>
  );
}

export function AddSomeone({ people, onView }: AddSomeoneProps): VNode {
  const { bridge, tell } = useScreen();
  const id = useId();
  const [code, setCode] = useState('');
  const [note, setNote] = useState('');
  const [address, setAddress] = useState('');
  const [refused, setRefused] = useState<CodeError | null>(null);
  const [asking, setAsking] = useState(false);
  const page = usePageFocus<HTMLElement>();

  const send = async (): Promise<void> => {
    setAsking(true);
    const wanted = address.trim();
    const answer = await ask(bridge, 'people.ask', { code, note, address: wanted === '' ? null : wanted });
    setAsking(false);
    if (!answer.ok) setRefused({ kind: 'io', message: answer.message, groups: [] });
    else if (!answer.value.ok) setRefused(answer.value.error);
    else {
      setCode('');
      setNote('');
      setAddress('');
      setRefused(null);
      tell('Asked. It is repeated until they accept it; nothing else is sent.');
    }
  };
  return (
    <section class="people-page" aria-label="Add someone" ref={page}>
      <h2>Add someone</h2>
      <p class="hint">
        Paste the code that they gave you, or{' '}
        <button type="button" class="link-button" onClick={() => onView({ kind: 'nearby' })}>
          look who is nearby
        </button>
        . They are asked, and you talk once they accept.
      </p>
      {people.contacts.length >= MAX_CONTACTS && (
        <p class="request-warning">{MAX_CONTACTS} contacts are all there can be. Remove one before you add another.</p>
      )}
      <form
        class="people-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <CodeField
          code={code}
          refused={refused?.kind === 'bad-address' ? null : refused}
          onInput={(value) => {
            setCode(value);
            setRefused(null);
          }}
        />
        <label class="form-field" for={`${id}-note`}>
          Note, so that they know who asks
          <textarea
            id={`${id}-note`}
            class="text-field"
            rows={2}
            value={note}
            dir="auto"
            placeholder="Optional"
            onInput={(event) => setNote(cutToBytes(event.currentTarget.value, MAX_NOTE_BYTES))}
          />
        </label>
        <label class="form-field" for={`${id}-address`}>
          Address, if they are not found by themselves
          <input
            id={`${id}-address`}
            class="text-field"
            type="text"
            value={address}
            maxLength={300}
            spellcheck={false}
            autocomplete="off"
            placeholder="Optional: 192.168.1.20 or 192.168.1.20:41975"
            aria-invalid={refused?.kind === 'bad-address'}
            onInput={(event) => {
              setAddress(event.currentTarget.value);
              setRefused(null);
            }}
          />
        </label>
        {refused?.kind === 'bad-address' && (
          <p class="field-problem" role="alert">
            {refused.message}
          </p>
        )}
        <div class="form-actions">
          <button type="submit" class="button primary" disabled={asking || bareCode(code) === ''}>
            {asking ? 'Asking…' : 'Ask them'}
          </button>
        </div>
      </form>
      <Waiting people={people} />
    </section>
  );
}
