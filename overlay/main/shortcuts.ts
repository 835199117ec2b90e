/** The global shortcuts: registered as the settings say; those that another program holds are named. */
import { globalShortcut } from 'electron';
import { shortcutActions } from '../ipc/index.ts';
import type { Settings, ShortcutAction } from '../ipc/index.ts';

export class Shortcuts {
  readonly #act: (action: ShortcutAction) => void;

  constructor(act: (action: ShortcutAction) => void) {
    this.#act = act;
  }

  /** Registers all of them afresh. Returns the accelerators that could not be had. */
  register(shortcuts: Settings['shortcuts']): readonly string[] {
    globalShortcut.unregisterAll();
    return shortcutActions
      .map((action) => [action, shortcuts[action]] as const)
      .flatMap(([action, accelerator]) => (this.#register(action, accelerator) ? [] : [accelerator]));
  }

  release(): void {
    globalShortcut.unregisterAll();
  }

  /** True where the accelerator is this app's. An empty one means: no shortcut. */
  #register(action: ShortcutAction, accelerator: string): boolean {
    if (accelerator === '') return true;
    try {
      return globalShortcut.register(accelerator, () => this.#act(action));
    } catch (error) {
      // Electron throws for text that is no accelerator.
      if (error instanceof TypeError || error instanceof Error) return false;
      throw error;
    }
  }
}
