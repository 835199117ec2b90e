/**
 * The search line of the History panel: the query, how much it found, how lines are shown, and the export of what it
 * found. `/` puts the cursor into it from anywhere in the panel.
 */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { countedText, countText } from '../screen/clock-text.ts';
import { ExportMenu } from './export-menu.tsx';
import { queryLengthLimit } from './query-terms.ts';
import type { SearchState } from './search-state.ts';

interface SearchFieldProps {
  readonly query: string;
  readonly state: SearchState;
  readonly wrap: boolean;
  readonly onInput: (query: string) => void;
  readonly onWrap: (wrap: boolean) => void;
  /** The user goes on to the list (arrow down). */
  readonly onLeave: () => void;
}

function foundText(state: SearchState): string {
  if (state.phase === 'failed') return '';
  if (state.phase === 'searching' && state.lines.length === 0) return 'Searching…';
  return state.query.trim() === '' ? countedText(state.total, 'line') : `${countText(state.total)} found`;
}

export function SearchField({ query, state, wrap, onInput, onWrap, onLeave }: SearchFieldProps): VNode {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox';
      if (event.key !== '/' || typing || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="search-line" role="search">
      <label class="search-box">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zm3.6-1.4L14 14" />
        </svg>
        <input
          ref={field}
          data-first-focus
          type="text"
          value={query}
          maxLength={queryLengthLimit}
          spellcheck={false}
          autocomplete="off"
          placeholder="Search the whole log"
          aria-label="Search the whole log"
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              onLeave();
            } else if (event.key === 'Escape' && query !== '') {
              event.preventDefault();
              onInput('');
            }
          }}
        />
        <kbd class="search-key" aria-hidden="true">
          /
        </kbd>
      </label>
      <span class="found" role="status">
        {foundText(state)}
      </span>
      <button
        type="button"
        class="button"
        aria-pressed={wrap}
        title="Show long lines in two rows"
        onClick={() => onWrap(!wrap)}
      >
        Wrap
      </button>
      <ExportMenu query={state.query} total={state.total} />
    </div>
  );
}
