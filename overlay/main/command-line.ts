/** The app's own flags, out of an argument list that also holds Chromium's. */
import { resolve } from 'node:path';

export interface AppFlags {
  /** `--data FOLDER`; null: the platform's own place. */
  readonly dataFolder: string | null;
  /** `--practice`: find the practice lobby by itself and read it. */
  readonly practice: boolean;
  /** `--print-lines`: each kept line as a line of JSON on standard output. */
  readonly printLines: boolean;
  /** `--hidden`: start without the overlay's window; the tray or a second start shows it. */
  readonly hidden: boolean;
}

/** `args` without the executable; a relative folder is taken from `workingFolder`. */
export function parseFlags(args: readonly string[], workingFolder: string): AppFlags {
  const at = args.indexOf('--data');
  const joined = args.find((arg) => arg.startsWith('--data='))?.slice('--data='.length);
  const folder = joined ?? (at < 0 ? undefined : args[at + 1]);
  return {
    dataFolder: folder === undefined || folder === '' ? null : resolve(workingFolder, folder),
    practice: args.includes('--practice'),
    printLines: args.includes('--print-lines'),
    hidden: args.includes('--hidden'),
  };
}
