/**
 * How the last command went, in one sentence at the panel's foot; announced, and gone when dismissed or replaced.
 */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { useScreen } from '../screen/screen-context.ts';

/** A good message goes by itself after this; an error stays until it is dismissed. */
const infoStaysMs = 6000;

export function MessageLine(): VNode {
  const { model, dispatch } = useScreen();
  const { message } = model;
  useEffect(() => {
    if (message === null || message.tone === 'error') return undefined;
    const timer = setTimeout(() => dispatch({ kind: 'message-gone' }), infoStaysMs);
    return () => clearTimeout(timer);
  }, [message, dispatch]);
  return (
    <div class="message-place" role={message?.tone === 'error' ? 'alert' : 'status'}>
      {message !== null && (
        <p key={message.serial} class={`message tone-${message.tone}`}>
          <span>{message.text}</span>
          <button type="button" class="link-button" onClick={() => dispatch({ kind: 'message-gone' })}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
