/**
 * "Is this the chat?": what was found, taken with one key. The answer is kept for the game like a region drawn by hand.
 */
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RelativeRegion } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';

export function ChatProposal({ region }: { readonly region: RelativeRegion }): VNode {
  const { app, send } = useScreen();
  const take = useRef<HTMLButtonElement>(null);
  // Enter takes it, unless the user is at something else in the panel.
  useLayoutEffect(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement.matches('body, .panel, [role="tab"]')) take.current?.focus();
  }, []);
  const read = async (): Promise<void> => {
    const answer = await send('capture.regions', { regions: [region], profile: app.profile });
    if (answer.ok) await send('capture.run', { running: true });
  };
  return (
    <div class="proposal" role="group" aria-label="Is this the chat?">
      <p>
        <b>Is this the chat?</b> Lines move there as people talk. You can change the rectangle afterwards.
      </p>
      <button type="button" ref={take} class="button primary" onClick={() => void read()}>
        Read it
      </button>
      <button type="button" class="button" onClick={() => void send('capture.search', { on: false })}>
        No
      </button>
    </div>
  );
}
