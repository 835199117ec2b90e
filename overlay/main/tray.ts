/** The tray icon with its menu. A desktop without a tray (no StatusNotifier) is no reason to stop. */
import { Menu, Tray, nativeImage } from 'electron';
import type { Panel } from '../ipc/index.ts';

export interface TrayActions {
  readonly showPanel: (panel: Panel) => void;
  readonly togglePause: () => void;
  readonly quit: () => void;
}

export interface AppTray {
  /** Adapts the menu to whether chat is being read. */
  setRunning(running: boolean): void;
  close(): void;
}

export interface TrayIcons {
  /** Paths; a file that is missing leaves an empty icon. */
  readonly running: string;
  readonly paused: string;
}

/** Null where the desktop gives no tray. */
export function openTray(icons: TrayIcons, actions: TrayActions): AppTray | null {
  try {
    const running = nativeImage.createFromPath(icons.running);
    const paused = nativeImage.createFromPath(icons.paused);
    const tray = new Tray(paused);
    tray.setToolTip('Lobbykeep');
    tray.on('click', () => actions.showPanel('history'));
    let shown: boolean | null = null;
    const setRunning = (isRunning: boolean): void => {
      if (shown === isRunning) return;
      shown = isRunning;
      tray.setImage(isRunning ? running : paused);
      tray.setContextMenu(menu(isRunning, actions));
    };
    setRunning(false);
    return { setRunning, close: () => tray.destroy() };
  } catch (error) {
    console.error(error);
    return null;
  }
}

function menu(running: boolean, { showPanel, togglePause, quit }: TrayActions): Menu {
  return Menu.buildFromTemplate([
    { label: 'History', click: () => showPanel('history') },
    { label: 'People', click: () => showPanel('people') },
    { label: 'Capture', click: () => showPanel('capture') },
    { label: 'Settings', click: () => showPanel('settings') },
    { type: 'separator' },
    { label: running ? 'Pause reading' : 'Start reading', click: togglePause },
    { type: 'separator' },
    { label: 'Quit Lobbykeep', click: quit },
  ]);
}
