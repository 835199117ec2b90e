/**
 * What every part of the screen reaches without being handed it: the copy of main's state, the way to send a command and
 * the way to say how it went.
 */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AppState, CommandInput, CommandName, CommandOutput, LobbykeepBridge, Settings } from '../../ipc/index.ts';
import type { Answer } from './bridge.ts';
import type { ScreenAction, ScreenModel } from './model.ts';

export interface Screen {
  readonly bridge: LobbykeepBridge;
  readonly model: ScreenModel;
  readonly app: AppState;
  readonly settings: Settings;
  /** Whether keys are to be named as on a Mac. */
  readonly mac: boolean;
  readonly dispatch: (action: ScreenAction) => void;
  /** Sends a command; a refusal is shown to the user as well as answered. */
  readonly send: <N extends CommandName>(name: N, input: CommandInput<N>) => Promise<Answer<CommandOutput[N]>>;
  /** Shows a sentence. */
  readonly tell: (text: string, tone?: 'info' | 'error') => void;
}

/** The screen of this tree; null outside of one. */
export const ScreenContext = createContext<Screen | null>(null);

/** The screen that a component stands in. */
export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (screen === null) throw new Error('Expected a component inside ScreenContext but received one outside of it');
  return screen;
}
