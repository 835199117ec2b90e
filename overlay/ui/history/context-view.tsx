/**
 * The lines around one line of the log, oldest first, in the lobby where it was said; more on both sides on demand.
 */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LogLine } from '../../../storage/log.ts';
import { ask } from '../screen/bridge.ts';
import { useScreen } from '../screen/screen-context.ts';
import { LineParts, LogHeading } from './line-parts.tsx';
import type { Marks } from './query-terms.ts';

interface ContextViewProps {
  readonly id: string;
  readonly marks: Marks;
  readonly onBack: () => void;
}

type Around =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'lines'; readonly lines: readonly LogLine[] };

const step = 25;
/** Most lines on one side, as the command takes. */
const most = 200;

export function ContextView({ id, marks, onBack }: ContextViewProps): VNode {
  const { bridge } = useScreen();
  const [sides, setSides] = useState({ before: step, after: step });
  const [around, setAround] = useState<Around>({ kind: 'loading' });
  const back = useRef<HTMLButtonElement>(null);
  const centre = useRef<HTMLLIElement>(null);
  const lines = around.kind === 'lines' ? around.lines : [];
  const at = lines.findIndex((line) => line.id === id);
  const found = lines[at];

  useLayoutEffect(() => back.current?.focus(), []);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await ask(bridge, 'log.context', { id, ...sides });
      if (!wanted) return;
      if (!answer.ok) setAround({ kind: 'failed', message: answer.message });
      else if (!answer.value.ok) setAround({ kind: 'failed', message: answer.value.error.message });
      else setAround({ kind: 'lines', lines: answer.value.value });
    };
    void load();
    return () => {
      wanted = false;
    };
  }, [bridge, id, sides]);
  useLayoutEffect(() => centre.current?.scrollIntoView({ block: 'center' }), [found?.id, sides]);

  const hasBefore = at >= sides.before && sides.before < most;
  const hasAfter = at >= 0 && lines.length - 1 - at >= sides.after && sides.after < most;
  return (
    <section
      class="history context"
      aria-label="Lines around the chosen one"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'Backspace') return;
        event.preventDefault();
        onBack();
      }}
    >
      <div class="context-line">
        <button type="button" class="button" ref={back} onClick={onBack}>
          ← Back to the list
        </button>
        {found !== undefined && <LogHeading row={found} />}
      </div>
      {around.kind === 'failed' && (
        <p class="empty" role="alert">
          {around.message}
        </p>
      )}
      <div class="context-view" tabIndex={0}>
        {hasBefore && (
          <button
            type="button"
            class="link-button"
            onClick={() => setSides({ ...sides, before: Math.min(most, sides.before + step * 2) })}
          >
            Earlier lines
          </button>
        )}
        <ol class="context-lines">
          {lines.map((line) => (
            <li
              key={line.id}
              class={`line-row whole${line.id === id ? ' chosen' : ''}`}
              {...(line.id === id ? { ref: centre, 'aria-current': 'true' as const } : {})}
            >
              <LineParts line={line} marks={marks} />
            </li>
          ))}
        </ol>
        {hasAfter && (
          <button
            type="button"
            class="link-button"
            onClick={() => setSides({ ...sides, after: Math.min(most, sides.after + step * 2) })}
          >
            Later lines
          </button>
        )}
      </div>
    </section>
  );
}
