/**
 * The way from the screen to Electron main: the bridge on `window.lobbykeep`, and one safe way to call it.
 */
import type { CommandInput, CommandName, CommandOutput, LobbykeepBridge } from '../../ipc/index.ts';

declare global {
  interface Window {
    /** Set by the preload; absent outside Electron. */
    readonly lobbykeep?: LobbykeepBridge;
  }
}

/** The bridge of this page, or null where no preload ran. */
export function findBridge(page: Window): LobbykeepBridge | null {
  return page.lobbykeep ?? null;
}

/** Answer of a command: its output, or the sentence that says why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/**
 * Sends a command. A refusal or a broken channel comes back as a value, because the screen has to show it: a rejected
 * promise in an event handler would be lost.
 */
export async function ask<N extends CommandName>(
  bridge: LobbykeepBridge,
  name: N,
  input: CommandInput<N>,
): Promise<Answer<CommandOutput[N]>> {
  try {
    return { ok: true, value: await bridge.invoke(name, input) };
  } catch (error) {
    return { ok: false, message: `“${name}” was not done: ${error instanceof Error ? error.message : String(error)}` };
  }
}
