/**
 * Comparing the safety words: the one proof that nobody stands between two people.
 */
import type { VNode } from 'preact';
import type { Contact } from '../../ipc/index.ts';
import { ModalDialog } from '../panel/modal-dialog.tsx';
import { useScreen } from '../screen/screen-context.ts';
import { PersonName, WordList } from './person-parts.tsx';
import { useOrders } from './use-orders.ts';

interface CompareWordsProps {
  readonly contact: Contact;
  readonly onClose: () => void;
}

export function CompareWords({ contact, onClose }: CompareWordsProps): VNode {
  const order = useOrders();
  const { tell } = useScreen();
  const { peer, safetyWords, wordsConfirmed } = contact;
  const answer = async (confirmed: boolean): Promise<void> => {
    if (!(await order('people.confirm-words', { peer, confirmed }))) return;
    if (!confirmed && !wordsConfirmed) {
      tell(
        'Then somebody may stand between you, or this is somebody else. Share nothing; block them if unsure.',
        'error',
      );
    }
    onClose();
  };
  return (
    <ModalDialog
      title={
        <>
          Safety words with <PersonName name={contact.name} />
        </>
      }
      onClose={onClose}
    >
      <WordList words={safetyWords} large />
      <p>
        Read them to each other by voice or side by side, not in this chat. If both of you see the same six words in the
        same order, nobody stands between you.
      </p>
      {wordsConfirmed && <p class="code-right">You said that they are the same.</p>}
      <div class="modal-actions">
        {wordsConfirmed ? (
          <button type="button" class="button" onClick={() => void answer(false)}>
            Take that back
          </button>
        ) : (
          <>
            <button type="button" class="button danger" onClick={() => void answer(false)}>
              They differ
            </button>
            <button type="button" class="button primary" onClick={() => void answer(true)}>
              They are the same
            </button>
          </>
        )}
        <button type="button" class="button" data-dialog-focus onClick={onClose}>
          Later
        </button>
      </div>
    </ModalDialog>
  );
}
