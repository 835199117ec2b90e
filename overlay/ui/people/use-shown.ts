/**
 * Tells the engine which messages of others the user could see. Each is told once; a telling that fails is not repeated,
 * the message then simply stays unread.
 */
import { useCallback, useRef } from 'preact/hooks';
import type { LobbykeepBridge } from '../../ipc/index.ts';
import { MAX_PAGE } from '../../ipc/index.ts';
import { ask } from '../screen/bridge.ts';

/** Ids remembered as told, so that a state that comes late does not make them be told again. */
const toldCapacity = 4_000;

export function useShown(bridge: LobbykeepBridge): (ids: readonly string[]) => void {
  const told = useRef(new Set<string>());
  return useCallback(
    (ids) => {
      const fresh = ids.filter((id) => !told.current.has(id)).slice(0, MAX_PAGE);
      if (fresh.length === 0) return;
      if (told.current.size > toldCapacity) told.current.clear();
      for (const id of fresh) told.current.add(id);
      void ask(bridge, 'messages.shown', { ids: fresh });
    },
    [bridge],
  );
}
