/**
 * The messages of one conversation as a component sees them: the newest page, older ones on demand, and what arrives or
 * changes meanwhile.
 */
import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import type { Conversation, LobbykeepBridge, Message } from '../../ipc/index.ts';
import { ask } from '../screen/bridge.ts';
import { canLoadOlder, emptyTalk, pageMessages, reduceTalk } from './talk-state.ts';
import type { TalkState } from './talk-state.ts';

export interface Talk {
  readonly state: TalkState;
  readonly loadOlder: () => void;
  readonly retry: () => void;
  /** Takes in a message that a command answered with. */
  readonly take: (message: Message) => void;
}

/** `conversation` must stay the same while the component stands: it is keyed by it. `limit`: messages a page. */
export function useTalk(bridge: LobbykeepBridge, conversation: Conversation, limit = pageMessages): Talk {
  const [state, dispatch] = useReducer(reduceTalk, emptyTalk);
  const serial = useRef(0);
  const about = useRef(conversation);

  const load = useCallback(
    async (before: string | null, mine: number) => {
      const answer = await ask(bridge, 'messages.page', { with: about.current, before, limit });
      if (!answer.ok) dispatch({ kind: 'failed', serial: mine, message: answer.message });
      else if (!answer.value.ok) dispatch({ kind: 'failed', serial: mine, message: answer.value.error.message });
      else {
        const { messages, more } = answer.value.value;
        dispatch({ kind: 'page', serial: mine, messages, more, first: before === null });
      }
    },
    [bridge, limit],
  );
  const open = useCallback(() => {
    serial.current += 1;
    dispatch({ kind: 'open', serial: serial.current, conversation: about.current });
    void load(null, serial.current);
  }, [load]);

  useEffect(
    () =>
      bridge.listen((event) => {
        if (event.name === 'message') dispatch({ kind: 'message', message: event.message });
      }),
    [bridge],
  );
  useEffect(() => open(), [open]);

  const loadOlder = (): void => {
    const oldest = state.messages[0];
    if (!canLoadOlder(state) || oldest === undefined) return;
    dispatch({ kind: 'older' });
    void load(oldest.id, state.serial);
  };
  const take = useCallback((message: Message) => dispatch({ kind: 'message', message }), []);
  return { state, loadOlder, retry: open, take };
}
