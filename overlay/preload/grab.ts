/** Preload of the capture renderer: its narrow way to main, and the port to the reader handed on to the page. */
import { contextBridge, ipcRenderer } from 'electron';
import type { GrabBridge, GrabConfig } from '../../capture/grab/live/messages.ts';
import { GRAB_PORT } from '../../capture/grab/live/port-name.ts';

const bridge: GrabBridge = {
  send: (message) => ipcRenderer.send('grab', message),
  onConfig: (listener) => {
    ipcRenderer.on('grab-config', (_event, config: GrabConfig) => listener(config));
  },
};

contextBridge.exposeInMainWorld('lobbykeepGrab', bridge);
// A MessagePort does not pass the context bridge; it passes as a message of the window to itself.
ipcRenderer.on('grab-port', (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage(GRAB_PORT, window.location.origin, [port]);
});
