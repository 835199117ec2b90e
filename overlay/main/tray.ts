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

/** `iconPath` may be missing; null where the desktop gives no tray. */
export function openTray(iconPath: string, actions: TrayActions): AppTray | null {
  try {
    const tray = new Tray(nativeImage.createFromPath(iconPath));
    tray.setToolTip('Lobbykeep');
    tray.on('click', () => actions.showPanel('history'));
    const setRunning = (running: boolean): void => tray.setContextMenu(menu(running, actions));
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
    { label: 'Capture', click: () => showPanel('capture') },
    { label: 'Settings', click: () => showPanel('settings') },
    { type: 'separator' },
    { label: running ? 'Pause reading' : 'Start reading', click: togglePause },
    { type: 'separator' },
    { label: 'Quit Lobbykeep', click: quit },
  ]);
}
