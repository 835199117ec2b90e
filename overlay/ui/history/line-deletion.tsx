/**
 * Deleting a line, after a question: it cannot be taken back.
 */
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LogLine } from '../../../storage/log.ts';
import { useScreen } from '../screen/screen-context.ts';

interface LineDeletionProps {
  readonly line: LogLine;
  readonly onDone: () => void;
}

export function LineDeletion({ line, onDone }: LineDeletionProps): VNode {
  const { send, tell } = useScreen();
  const keep = useRef<HTMLButtonElement>(null);
  // On the harmless answer, so that a second Enter deletes nothing.
  useLayoutEffect(() => keep.current?.focus(), []);
  const remove = async (): Promise<void> => {
    const answer = await send('log.delete', { id: line.id });
    if (answer.ok && answer.value.ok) tell('Deleted the line.');
    else if (answer.ok && !answer.value.ok) tell(answer.value.error.message, 'error');
    onDone();
  };
  return (
    <div
      class="detail-actions"
      role="alertdialog"
      aria-label="Delete this line?"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDone();
      }}
    >
      <span class="question">Delete this line? It leaves the history, the search and every export for good.</span>
      <button type="button" class="button danger" onClick={() => void remove()}>
        Delete
      </button>
      <button type="button" class="button" ref={keep} onClick={onDone}>
        Keep it
      </button>
    </div>
  );
}
