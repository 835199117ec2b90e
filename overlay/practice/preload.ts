/**
 * The one door between the practice lobby's window and its main process: truth entries out, nothing in.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { truthChannel } from './playbill.ts';
import type { PracticeBridge } from './playbill.ts';

const bridge: PracticeBridge = {
  report: (entry) => ipcRenderer.send(truthChannel, entry),
};
contextBridge.exposeInMainWorld('practiceLobby', bridge);
