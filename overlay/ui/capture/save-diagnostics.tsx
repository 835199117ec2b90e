/**
 * Reading is bad: what the reader saw and made of it in the last minute goes into one file, for a bug report. Without names and text
 * unless the user wants them in it, and it is said what then is.
 */
import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { SavedBundle } from '../../ipc/index.ts';
import { durationText } from '../screen/clock-text.ts';
import { useScreen } from '../screen/screen-context.ts';
import { sizeText } from './size-text.ts';

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved'; readonly bundle: SavedBundle }
  | { readonly kind: 'failed'; readonly message: string };

function OutcomeText({ outcome }: { readonly outcome: Outcome }): VNode | null {
  switch (outcome.kind) {
    case 'none':
      return null;
    case 'saving':
      return <>Saving…</>;
    case 'failed':
      return <span class="tone-error diagnostics-failed">{outcome.message}</span>;
    case 'saved': {
      const { spanMs, sizeBytes, path } = outcome.bundle;
      return (
        <>
          Saved {durationText(spanMs)} of reading ({sizeText(sizeBytes)}) to{' '}
          <span class="diagnostics-path">{path}</span>
        </>
      );
    }
  }
}

export function SaveDiagnostics(): VNode {
  const { send, tell } = useScreen();
  const id = useId();
  const [isBare, setIsBare] = useState(true);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const isSaving = outcome.kind === 'saving';

  const save = async (): Promise<void> => {
    // The button keeps the keyboard while it works: a second press is passed over.
    if (isSaving) return;
    setOutcome({ kind: 'saving' });
    const answer = await send('capture.diagnostics', { text: !isBare });
    if (!answer.ok) setOutcome({ kind: 'failed', message: answer.message });
    else if (answer.value.ok) setOutcome({ kind: 'saved', bundle: answer.value.value });
    else setOutcome({ kind: 'failed', message: answer.value.error.message });
  };
  const copyPath = async (path: string): Promise<void> => {
    const answer = await send('clipboard.write', path);
    if (answer.ok) tell('The path of the file is copied.');
  };

  return (
    <section class="diagnostics" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>Is it read badly?</h3>
      <div class="diagnostics-row">
        <label class="choice">
          <input type="checkbox" checked={isBare} onChange={() => setIsBare(!isBare)} aria-describedby={`${id}-what`} />
          Without names and text
        </label>
        <button
          type="button"
          class="button small"
          aria-disabled={isSaving}
          aria-describedby={`${id}-what`}
          onClick={() => void save()}
        >
          Save diagnostics
        </button>
      </div>
      <p class="hint" id={`${id}-what`}>
        {isBare
          ? 'One file with the figures of the last minute: where lines stood and how sure their reading was. No picture, no word.'
          : 'One file with the last minute as it was seen and read: pictures of the region, names and texts. Whoever has it can read the chat.'}
      </p>
      <p class="diagnostics-outcome" role="status">
        <OutcomeText outcome={outcome} />
      </p>
      {outcome.kind === 'saved' && (
        <button type="button" class="button small" onClick={() => void copyPath(outcome.bundle.path)}>
          Copy the path
        </button>
      )}
    </section>
  );
}
