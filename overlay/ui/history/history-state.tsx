/**
 * What stands in the place of lines that are not there: nothing logged yet, nothing found, the log did not answer.
 */
import type { VNode } from 'preact';
import { countText } from '../screen/clock-text.ts';
import { useScreen } from '../screen/screen-context.ts';
import { lineCapacity } from './search-state.ts';
import type { SearchState } from './search-state.ts';

interface HistoryStateProps {
  readonly state: SearchState;
  readonly onClear: () => void;
  readonly onRetry: () => void;
}

export function HistoryState({ state, onClear, onRetry }: HistoryStateProps): VNode | null {
  const { app, dispatch } = useScreen();
  if (state.phase === 'failed' && state.lines.length > 0) {
    // A slip while typing: the lines found before stay in sight.
    return (
      <p class="list-note" role="alert">
        {state.problem}{' '}
        <button type="button" class="link-button" onClick={onRetry}>
          Search again
        </button>
      </p>
    );
  }
  if (state.phase === 'failed') {
    return (
      <div class="empty" role="alert">
        <p>{state.problem}</p>
        <button type="button" class="button" onClick={onRetry}>
          Search again
        </button>
      </div>
    );
  }
  if (state.lines.length >= lineCapacity && state.next !== null) {
    return (
      <p class="list-note">
        The newest {countText(lineCapacity)} lines are listed. Search or filter to reach older ones.
      </p>
    );
  }
  if (state.phase === 'searching' || state.lines.length > 0) return null;
  if (state.query.trim() !== '') {
    return (
      <div class="empty">
        <h2>No line matches “{state.query.trim()}”</h2>
        <p>Take a filter away, or type the beginning of a word: the last word also finds longer ones.</p>
        <button type="button" class="button" onClick={onClear}>
          Clear the search
        </button>
      </div>
    );
  }
  const ready = app.source !== null && app.regions.length > 0;
  return (
    <div class="empty">
      <h2>Nothing logged yet</h2>
      <p>
        {ready
          ? 'Each line of the chat appears here as soon as it is kept.'
          : 'Choose the window of your game and draw a rectangle around its chat; each line then appears here.'}
      </p>
      <button type="button" class="button primary" onClick={() => dispatch({ kind: 'panel', panel: 'capture' })}>
        {ready ? 'See what the reader sees' : 'Choose a window'}
      </button>
    </div>
  );
}
