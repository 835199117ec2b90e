/**
 * The app's state in words: one chip for each thing that is not as it should be, so that the overlay is never silent.
 * All is well: no chip.
 */
import type { ReaderState } from '../../../capture/events.ts';
import type { AppState, CaptureStatus } from '../../ipc/index.ts';
import { durationText } from '../screen/clock-text.ts';
import { acceleratorText } from '../settings/accelerator.ts';

export interface StatusChip {
  readonly tone: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** Most chips at once; the rest is counted in the last one. */
export const chipCapacity = 4;

/** The state of the reader as a chip, or null while it reads. */
export function readerChip(state: ReaderState): StatusChip | null {
  switch (state.kind) {
    case 'reading':
      return null;
    case 'starting':
      return { tone: 'info', text: 'Reader is starting' };
    case 'no-text':
      return { tone: 'warn', text: `No chat seen for ${durationText(state.quietMs)}` };
    case 'black':
      return { tone: 'warn', text: 'Window is black: minimised, covered or protected' };
    case 'no-frames':
      return { tone: 'warn', text: 'No picture arrives from the window' };
    case 'region-too-small':
      return { tone: 'warn', text: `Region is too small to hold a line (${state.widthPx} × ${state.heightPx} px)` };
    case 'engine-failed':
      return { tone: 'error', text: `Reading failed: ${state.message}` };
  }
}

/** The state of the capture as a chip, or null while all is well. */
export function captureChip(status: CaptureStatus): StatusChip | null {
  switch (status.kind) {
    case 'idle':
      return { tone: 'info', text: 'Not capturing' };
    case 'paused':
      return { tone: 'info', text: 'Paused' };
    case 'running':
      return readerChip(status.reader);
    case 'failed':
      return { tone: 'error', text: `Capture stopped: ${status.message}` };
  }
}

/** All chips of a state, the gravest first, at most `chipCapacity`. */
export function statusChips(app: AppState, mac: boolean): readonly StatusChip[] {
  const chips: StatusChip[] = [];
  if (app.logProblem !== null) chips.push({ tone: 'error', text: `Log cannot be written: ${app.logProblem}` });
  const capture = captureChip(app.capture);
  if (capture !== null) chips.push(capture);
  if (app.proposal !== null && !app.interactive) {
    chips.push({ tone: 'info', text: 'Chat found: open Lobbykeep and press Enter to read it' });
  }
  if (app.tracking.kind === 'window-gone') {
    chips.push({ tone: 'info', text: `Window is gone: ${app.tracking.title}` });
  }
  for (const conflict of app.shortcutConflicts) {
    chips.push({ tone: 'warn', text: `Another program holds ${acceleratorText(conflict, mac)}` });
  }
  for (const notice of app.notices) chips.push({ tone: 'warn', text: notice });
  const rank = { error: 0, warn: 1, info: 2 } as const;
  chips.sort((a, b) => rank[a.tone] - rank[b.tone]);
  if (chips.length <= chipCapacity) return chips;
  const rest = chips.length - chipCapacity + 1;
  return [...chips.slice(0, chipCapacity - 1), { tone: 'warn', text: `and ${rest} more, see Settings` }];
}
