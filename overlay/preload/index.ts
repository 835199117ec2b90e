/** Preload of the overlay: commands to main, events from it. The page sees nothing else of Electron. */
import { contextBridge, ipcRenderer } from 'electron';
import type { LobbykeepBridge, OverlayEvent } from '../ipc/index.ts';

const bridge: LobbykeepBridge = {
  invoke: (name, input) => ipcRenderer.invoke('lobbykeep', name, input),
  listen: (listener) => {
    const forward = (_event: unknown, event: OverlayEvent): void => listener(event);
    ipcRenderer.on('lobbykeep', forward);
    return () => ipcRenderer.off('lobbykeep', forward);
  },
};

contextBridge.exposeInMainWorld('lobbykeep', bridge);
