/**
 * The regions while they are edited: shown at once, sent when the hand rests, and taken back from main whenever main says
 * something else.
 */
import { useEffect, useState } from 'preact/hooks';
import type { RelativeRegion } from '../../ipc/index.ts';
import { useDebounced } from '../screen/debounce.ts';
import { useScreen } from '../screen/screen-context.ts';

const restMs = 250;

export interface EditedRegions {
  readonly regions: readonly RelativeRegion[];
  readonly change: (regions: readonly RelativeRegion[]) => void;
}

export function useRegions(): EditedRegions {
  const { app, send } = useScreen();
  const [draft, setDraft] = useState<readonly RelativeRegion[] | null>(null);
  const sending = useDebounced((regions: readonly RelativeRegion[]) => {
    void send('capture.regions', { regions: [...regions], profile: app.profile });
  }, restMs);
  // By value: main sends its whole state at every change, most of which are none of the regions.
  const told = JSON.stringify(app.regions);
  useEffect(() => setDraft(null), [told]);
  return {
    regions: draft ?? app.regions,
    change: (regions) => {
      setDraft(regions);
      sending.call(regions);
    },
  };
}
