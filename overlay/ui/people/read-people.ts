/**
 * Asking the engine who there is, as the screen keeps it: known, or the sentence that says why not.
 */
import type { LobbykeepBridge } from '../../ipc/index.ts';
import { ask } from '../screen/bridge.ts';
import type { PeopleCopy } from '../screen/model.ts';

export async function readPeople(bridge: LobbykeepBridge): Promise<PeopleCopy> {
  const answer = await ask(bridge, 'people.state', null);
  if (!answer.ok) return { kind: 'failed', message: answer.message };
  return answer.value.ok
    ? { kind: 'known', state: answer.value.value }
    : { kind: 'failed', message: answer.value.error.message };
}
