/**
 * The practice lobby's own Electron app: one window titled "Practice Lobby – Lobbykeep" that stands in for a game.
 * It shares no state with the overlay, which learns from it what it learns from any game: pixels.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, ipcMain, session } from 'electron';
import { awaitFirstPicture } from './first-picture.ts';
import { lobbyUsage, parseLobbyOptions } from './options.ts';
import type { LobbyOptions } from './options.ts';
import { truthChannel, writePlaybill } from './playbill.ts';
import { openTruthFile, parseTruthEntry } from './truth.ts';
import type { TruthFile } from './truth.ts';

const folder = dirname(fileURLToPath(import.meta.url));

async function openLobby(options: LobbyOptions, truth: TruthFile | null): Promise<void> {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  const window = new BrowserWindow({
    title: 'Practice Lobby – Lobbykeep',
    width: options.widthPx,
    height: options.heightPx,
    useContentSize: true,
    backgroundColor: '#0a0e22',
    autoHideMenuBar: true,
    // Shown with its first picture, not as an empty frame.
    show: false,
    webPreferences: {
      preload: join(folder, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      // A game draws on when another window has the focus.
      backgroundThrottling: false,
    },
  });
  window.once('ready-to-show', () => {
    window.show();
    awaitFirstPicture(window).catch((problem: unknown) => console.error(problem));
  });
  window.removeMenu();
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => event.preventDefault());
  ipcMain.on(truthChannel, (event, value: unknown) => {
    if (event.sender !== window.webContents) return;
    const entry = parseTruthEntry(value);
    if (entry === null) console.error('The practice lobby reported something that is no truth entry; it was dropped.');
    else truth?.write(entry);
  });
  await window.loadFile(join(folder, 'index.html'), { query: writePlaybill(options) });
}

async function main(): Promise<void> {
  const args = process.argv.slice(1);
  if (args.includes('--help')) {
    console.log(lobbyUsage);
    app.exit(0);
    return;
  }
  const options = parseLobbyOptions(args);
  if (!options.ok) {
    console.error(`${options.error.message}\n${lobbyUsage}`);
    app.exit(2);
    return;
  }
  app.setName('Lobbykeep Practice');
  // Chromium locks its folder: the lobby must not share the overlay's.
  app.setPath('userData', join(app.getPath('appData'), 'Lobbykeep Practice'));
  const truth = options.value.truthPath === null ? null : openTruthFile(options.value.truthPath);
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => truth?.close());
  await app.whenReady();
  await openLobby(options.value, truth);
}

main().catch((problem: unknown) => {
  console.error(`The practice lobby could not start: ${problem instanceof Error ? problem.message : String(problem)}`);
  app.exit(1);
});
