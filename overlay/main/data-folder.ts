/** Where the log and the settings are, and what the app is called there. */
import { join } from 'node:path';

export interface DataFolderWorld {
  /** As of `process.platform`. */
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The default data folder of a platform; it may not exist yet. */
export function defaultDataFolder({ platform, env, home }: DataFolderWorld): string {
  switch (platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Lobbykeep');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Lobbykeep');
    default: {
      const base = env['XDG_DATA_HOME'];
      return join(base === undefined || base === '' ? join(home, '.local', 'share') : base, 'lobbykeep');
    }
  }
}
