/**
 * Correcting a line: the user's reading wins over every other. Enter keeps it, Escape leaves the line as it was.
 */
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LogLine } from '../../../storage/log.ts';
import { useScreen } from '../screen/screen-context.ts';

interface LineCorrectionProps {
  readonly line: LogLine;
  readonly onDone: () => void;
}

export function LineCorrection({ line, onDone }: LineCorrectionProps): VNode {
  const { send, tell } = useScreen();
  const [text, setText] = useState(line.line);
  const field = useRef<HTMLInputElement>(null);
  // Before the next key: a fast hand types at once.
  useLayoutEffect(() => field.current?.focus(), []);
  const save = async (): Promise<void> => {
    const answer = await send('log.correct', { id: line.id, line: text.trim() });
    if (!answer.ok) return;
    if (answer.value.ok) tell('Corrected the line; the first reading stays in the log.');
    else tell(answer.value.error.message, 'error');
    onDone();
  };
  const changed = text.trim() !== '' && text.trim() !== line.line;
  return (
    <form
      class="correction"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void save();
        else onDone();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDone();
      }}
    >
      <input
        ref={field}
        type="text"
        value={text}
        maxLength={2000}
        spellcheck={false}
        aria-label="The line as it should read"
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" class="button primary" disabled={!changed}>
        Keep
      </button>
      <button type="button" class="button" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}
