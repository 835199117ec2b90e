/**
 * Where a message is written. Enter sends, Shift+Enter begins a line; what is not sent stays as a draft of its
 * conversation.
 */
import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Conversation, Message } from '../../ipc/index.ts';
import { MAX_MESSAGE_CHARS } from '../../ipc/index.ts';
import { ask } from '../screen/bridge.ts';
import { useDebounced } from '../screen/debounce.ts';
import { useScreen } from '../screen/screen-context.ts';
import { conversationKey } from './conversations.ts';
import { lengthText } from './message-length.ts';
import { isolated } from './shown-name.ts';

interface ComposerProps {
  readonly conversation: Conversation;
  readonly title: string;
  readonly placeholder: string;
  readonly onSent: (message: Message) => void;
}

const draftPauseMs = 300;

export function Composer({ conversation, title, placeholder, onSent }: ComposerProps): VNode {
  const { bridge, model, dispatch, tell } = useScreen();
  const id = useId();
  const [text, setText] = useState(model.drafts[conversationKey(conversation)] ?? '');
  const keepDraft = useDebounced(
    (draft: string) => dispatch({ kind: 'draft', conversation, text: draft }),
    draftPauseMs,
  );
  const stands = useRef(true);
  useEffect(
    () => () => {
      stands.current = false;
    },
    [],
  );
  const change = (next: string): void => {
    setText(next);
    keepDraft.call(next);
  };
  const send = async (): Promise<void> => {
    const wanted = text;
    if (wanted.trim() === '') return;
    change('');
    const answer = await ask(bridge, 'messages.send', { with: conversation, text: wanted });
    if (answer.ok && answer.value.ok) return onSent(answer.value.value);
    const why = !answer.ok ? answer.message : answer.value.ok ? '' : answer.value.error.message;
    if (!stands.current) {
      const problem = `Not sent to ${isolated(title)}: ${why} Your text waits as a draft.`;
      dispatch({ kind: 'unsent', conversation, text: wanted, problem });
      return;
    }
    tell(`Not sent: ${why} Your text is still here.`, 'error');
    // What was begun meanwhile stays under it.
    setText((begun) => {
      const back = begun === '' ? wanted : `${wanted}\n${begun}`;
      keepDraft.call(back);
      return back;
    });
  };
  const count = lengthText(text.length);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        class="text-field composer-text"
        data-first-focus
        data-page-focus
        rows={1}
        value={text}
        maxLength={MAX_MESSAGE_CHARS}
        dir="auto"
        placeholder={placeholder}
        aria-label={`Message to ${title}`}
        aria-describedby={id}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          // While a word is being composed (IME), Enter takes the word.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" class="button primary" disabled={text.trim() === ''} title="Enter">
        Send
      </button>
      <p class={`composer-count${text.length >= MAX_MESSAGE_CHARS ? ' full' : ''}`} id={id} role="status">
        {count}
      </p>
    </form>
  );
}
