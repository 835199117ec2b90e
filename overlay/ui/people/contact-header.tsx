/**
 * The head of a conversation with one person: connection, safety words, what each may see, and what can be done to the
 * contact.
 */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Contact } from '../../ipc/index.ts';
import { Popover } from '../history/popover.tsx';
import { useNow } from '../screen/use-now.ts';
import { CompareWords } from './compare-words.tsx';
import { ContactDeeds } from './contact-deeds.tsx';
import type { ContactDeed } from './contact-deeds.tsx';
import { connectionText } from './conversations.ts';
import { LinkDot, PersonName } from './person-parts.tsx';
import { scopeText } from './scope-draft.ts';
import { SharingDialog } from './sharing-dialog.tsx';
import { shownName } from './shown-name.ts';

const warnings = {
  'key-changed':
    'This is another key than the one you knew under this name: another device, a new installation, or somebody else. Compare the safety words before you trust it.',
  'same-name': 'Another contact has the same name. Rename one of them, and compare the safety words.',
} as const satisfies Record<Exclude<Contact['warning'], null>, string>;

export function ContactHeader({ contact }: { readonly contact: Contact }): VNode {
  const nowMs = useNow(30_000);
  const [open, setOpen] = useState<'words' | 'sharing' | null>(null);
  const [deed, setDeed] = useState<ContactDeed | null>(null);
  const told = shownName(contact.toldName, '');
  return (
    <header class="talk-header">
      <div class="talk-title-line">
        <h2 class="talk-title">
          <PersonName name={contact.name} />
        </h2>
        <span class="link-word">
          <LinkDot state={contact.state} />
          {connectionText(contact, nowMs)}
        </span>
        {told !== '' && told !== shownName(contact.name) && (
          <span class="hint told-name">
            calls themselves <bdi>{told}</bdi>
          </span>
        )}
        <span class="talk-tools">
          <button
            type="button"
            class={`button small${contact.wordsConfirmed ? '' : ' unsure'}`}
            onClick={() => setOpen('words')}
          >
            {contact.wordsConfirmed ? 'Words compared ✓' : 'Compare words…'}
          </button>
          <button type="button" class="button small" onClick={() => setOpen('sharing')}>
            Sharing…
          </button>
          <Popover
            label="More"
            name={`More about ${shownName(contact.name)}`}
            align="end"
            render={(close) => (
              <ul class="options">
                {(
                  [
                    ['rename', 'Rename…'],
                    ['remove', 'Remove…'],
                    ['block', 'Block…'],
                  ] as const
                ).map(([kind, title]) => (
                  <li key={kind}>
                    <button
                      type="button"
                      class={`option${kind === 'rename' ? '' : ' option-danger'}`}
                      onClick={() => {
                        close();
                        setDeed(kind);
                      }}
                    >
                      {title}
                    </button>
                  </li>
                ))}
                {contact.endpoints.length > 0 && (
                  <li class="option-facts">
                    Last at <code>{contact.endpoints.slice(0, 4).join(', ')}</code>
                  </li>
                )}
              </ul>
            )}
          />
        </span>
      </div>
      <p class="talk-scope">
        <span>They see: {scopeText(contact.scopeMine)}</span>
        <span>You see: {contact.scopeTheirs === null ? 'not told yet' : scopeText(contact.scopeTheirs)}</span>
      </p>
      {contact.warning !== null && (
        <p class="talk-warning" role="alert">
          {warnings[contact.warning]}
        </p>
      )}
      {deed !== null && <ContactDeeds contact={contact} deed={deed} onDone={() => setDeed(null)} />}
      {open === 'words' && <CompareWords contact={contact} onClose={() => setOpen(null)} />}
      {open === 'sharing' && <SharingDialog contact={contact} onClose={() => setOpen(null)} />}
    </header>
  );
}
