/**
 * A question before something that cannot be taken back: what will happen, the deed, and the way out, which has the
 * focus so that a second Enter does nothing.
 */
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface QuestionLineProps {
  readonly label: string;
  readonly children: ComponentChildren;
  readonly deed: string;
  readonly onDo: () => void;
  readonly onKeep: () => void;
}

export function QuestionLine({ label, children, deed, onDo, onKeep }: QuestionLineProps): VNode {
  const keep = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => keep.current?.focus(), []);
  return (
    <div
      class="question-line"
      role="alertdialog"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onKeep();
      }}
    >
      <p class="question">{children}</p>
      <button type="button" class="button danger" onClick={onDo}>
        {deed}
      </button>
      <button type="button" class="button" ref={keep} onClick={onKeep}>
        Cancel
      </button>
    </div>
  );
}
