/** Where the assets are, seen from this file and from the bundle alike. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OWN_PROFILES } from '../../capture/index.ts';
import type { CommandArgs, CommandIo } from './command.ts';
import { defaultDataFolder } from './data-folder.ts';

const assetFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'assets');

/** Folder of the chat recogniser's model. */
export const modelFolder = join(assetFolder, 'ocr');

/** Where named profiles are: the user's own in the data folder that `--data` names, then the shipped ones. */
export function profileFolders(args: CommandArgs, io: CommandIo): readonly string[] {
  return [join(args.text('data') ?? defaultDataFolder(io), OWN_PROFILES), join(assetFolder, 'profiles')];
}
