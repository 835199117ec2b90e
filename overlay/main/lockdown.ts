/**
 * What no page of the app may do, enforced in main: load anything but the app's own files, open windows, navigate, ask
 * for permissions. Pages are served under `app://lobbykeep/`, a secure origin of their own.
 */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { app, protocol, session } from 'electron';
import type { WebContents } from 'electron';

export const APP_ORIGIN = 'app://lobbykeep';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.map': 'application/json',
};

/** Must be called before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
}

export interface LockdownOptions {
  /** The built app: pages are read from here and from nowhere else. */
  readonly appFolder: string;
  /** The page that may capture a window or screen; null while there is none. */
  readonly capturePage: () => WebContents | null;
}

/** Must be called once, when the app is ready and before the first window. Returns the count of refused requests. */
export function lockDown({ appFolder, capturePage }: LockdownOptions): { readonly refusedRequests: () => number } {
  const counts = { refused: 0 };
  const pages = session.defaultSession;
  pages.protocol.handle('app', (request) => serve(appFolder, request.url));
  pages.webRequest.onBeforeRequest((details, callback) => {
    const local = details.url.startsWith(`${APP_ORIGIN}/`) || /^(data|blob|devtools):/.test(details.url);
    if (!local) counts.refused += 1;
    callback({ cancel: !local });
  });
  pages.setPermissionRequestHandler((contents, permission, callback, details) => {
    // Electron asks for getDisplayMedia as `media` with no media types; with types it is a camera or a microphone.
    const display = permission === 'media' && 'mediaTypes' in details && details.mediaTypes?.length === 0;
    callback((display || permission === 'display-capture') && contents === capturePage());
  });
  pages.setPermissionCheckHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
  return { refusedRequests: () => counts.refused };
}

async function serve(appFolder: string, url: string): Promise<Response> {
  const { pathname, host } = new URL(url);
  const path = normalize(join(appFolder, decodeURIComponent(pathname)));
  const type = MIME_TYPES[extname(path)];
  if (host !== 'lobbykeep' || type === undefined || !path.startsWith(appFolder + sep)) {
    return new Response('Not of this app', { status: 404 });
  }
  const body = await readFile(path).catch(() => null);
  if (body === null) return new Response('Not in this app', { status: 404 });
  return new Response(new Uint8Array(body), {
    headers: {
      'content-type': type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}
