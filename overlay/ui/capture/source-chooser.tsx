/**
 * Choosing what to capture: every window and screen with a small picture of it. A window keeps other programs, and this
 * overlay, out of the picture; a screen is for games that cannot be captured as a window.
 */
import type { VNode } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { CaptureSource } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';

interface SourceChooserProps {
  readonly onChoose: (id: string) => void;
  /** Absent where there is nothing to go back to. */
  readonly onCancel?: () => void;
}

export function SourceChooser({ onChoose, onCancel }: SourceChooserProps): VNode {
  const { send } = useScreen();
  const [sources, setSources] = useState<readonly CaptureSource[] | null>(null);
  const grid = useRef<HTMLUListElement>(null);
  const refresh = useCallback(async () => {
    const answer = await send('capture.sources', null);
    const found = answer.ok ? answer.value : [];
    // Windows first: only those keep other programs out of the picture.
    setSources(found.toSorted((a, b) => Number(a.kind === 'screen') - Number(b.kind === 'screen')));
  }, [send]);
  useEffect(() => {
    void refresh();
  }, [refresh]);
  const some = (sources?.length ?? 0) > 0;
  useEffect(() => {
    if (some) grid.current?.querySelector<HTMLElement>('button')?.focus();
  }, [some]);
  return (
    <div class="sources">
      <div class="sources-head">
        <h2>Which window is your game?</h2>
        <button type="button" class="button" onClick={() => void refresh()}>
          Refresh
        </button>
        {onCancel !== undefined && (
          <button type="button" class="button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
      {sources === null && <p class="empty">Looking for windows…</p>}
      {sources?.length === 0 && (
        <p class="empty">No window can be captured. Start your game in a window or borderless, then press Refresh.</p>
      )}
      <ul class="source-grid" ref={grid}>
        {sources?.map(({ id, title, kind, thumbnail }) => (
          <li key={id}>
            <button type="button" class="source" onClick={() => onChoose(id)}>
              <span class="source-picture">
                {thumbnail === '' ? <span>No picture: minimised?</span> : <img src={thumbnail} alt="" />}
              </span>
              <span class="source-title">{title}</span>
              <span class="source-kind">{kind === 'window' ? 'Window' : 'Screen'}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
