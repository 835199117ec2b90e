/**
 * The backup of keys, contacts and rooms under a passphrase, and back from it. The log is not part of it.
 */
import type { VNode } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useScreen } from '../screen/screen-context.ts';
import { countedText } from '../screen/clock-text.ts';
import { passphraseProblem } from './passphrase.ts';
import { QuestionLine } from './question-line.tsx';

type Doing = 'backup' | 'restore';

export function Backup(): VNode {
  const { send, tell } = useScreen();
  const id = useId();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const problem = passphraseProblem(passphrase, doing === 'backup' ? again : null);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), [doing]);
  const begin = (next: Doing | null): void => {
    setDoing(next);
    setPassphrase('');
    setAgain('');
    setAsked(false);
  };
  const backUp = async (): Promise<void> => {
    setBusy(true);
    const answer = await send('people.backup', { passphrase });
    setBusy(false);
    if (!answer.ok) return;
    if (!answer.value.ok) return tell(answer.value.error.message, 'error');
    if (answer.value.value === null) return;
    tell(`Backed up to ${answer.value.value.path}. Without the passphrase nobody can read it, nor can you.`);
    begin(null);
  };
  const restore = async (): Promise<void> => {
    setBusy(true);
    const answer = await send('people.restore', { passphrase });
    setBusy(false);
    setAsked(false);
    if (!answer.ok) return;
    if (!answer.value.ok) return tell(answer.value.error.message, 'error');
    if (answer.value.value === null) return;
    tell(`Restored your keys and ${countedText(answer.value.value.contacts, 'contact')}.`);
    begin(null);
  };
  return (
    <section class="people-group" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>Backup</h3>
      <p class="hint">Your keys, contacts and rooms, in one encrypted file: for another computer, or after a loss.</p>
      {doing === null ? (
        <div class="detail-actions">
          <button type="button" class="button" onClick={() => begin('backup')}>
            Back up…
          </button>
          <button type="button" class="button" onClick={() => begin('restore')}>
            Restore…
          </button>
        </div>
      ) : (
        <form
          class="people-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (problem !== null || busy) return;
            if (doing === 'backup') void backUp();
            else setAsked(true);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || event.defaultPrevented) return;
            event.preventDefault();
            begin(null);
          }}
        >
          <label class="form-field" for={`${id}-passphrase`}>
            {doing === 'backup' ? 'Passphrase for the file' : 'Passphrase of the file'}
            <input
              ref={field}
              id={`${id}-passphrase`}
              class="text-field"
              type="password"
              value={passphrase}
              maxLength={1000}
              autocomplete="off"
              onInput={(event) => setPassphrase(event.currentTarget.value)}
            />
          </label>
          {doing === 'backup' && (
            <label class="form-field" for={`${id}-again`}>
              The same again
              <input
                id={`${id}-again`}
                class="text-field"
                type="password"
                value={again}
                maxLength={1000}
                autocomplete="off"
                onInput={(event) => setAgain(event.currentTarget.value)}
              />
            </label>
          )}
          {problem !== null && passphrase !== '' && <p class="hint">{problem}</p>}
          {asked ? (
            <QuestionLine
              label="Restore from a backup?"
              deed="Choose the file"
              onKeep={() => setAsked(false)}
              onDo={() => void restore()}
            >
              Your keys become those of the backup, and its contacts and rooms come back. What you have now is replaced.
            </QuestionLine>
          ) : (
            <div class="form-actions">
              <button type="submit" class="button primary" disabled={problem !== null || busy}>
                {doing === 'backup' ? 'Choose where to' : 'Choose the file'}
              </button>
              <button type="button" class="button" onClick={() => begin(null)}>
                Cancel
              </button>
            </div>
          )}
        </form>
      )}
    </section>
  );
}
