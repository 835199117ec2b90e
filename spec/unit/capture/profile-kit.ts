/** Where the shipped profiles are, and loading one that must be good. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadProfile } from '../../../capture/parse/profile.ts';
import type { Profile } from '../../../capture/parse/profile-schema.ts';

export const profileFolder = fileURLToPath(new URL('../../../assets/profiles', import.meta.url));

export async function mustLoad(name: string): Promise<Profile> {
  const loaded = await loadProfile(name, [profileFolder]);
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.error.message);
  return loaded.value;
}
