/** The app's state before anything has come up. */
import type { AppState } from '../ipc/index.ts';
import { GENERIC_PROFILE } from './profiles.ts';

export function initialState(dataFolder: string, version: string): AppState {
  return {
    interactive: false,
    panel: null,
    composing: false,
    onScreen: false,
    capture: { kind: 'idle' },
    source: null,
    regions: [],
    proposal: null,
    profile: GENERIC_PROFILE,
    profiles: [],
    tracking: { kind: 'off' },
    session: null,
    logProblem: null,
    shortcutConflicts: [],
    notices: [],
    version,
    dataFolder,
  };
}
