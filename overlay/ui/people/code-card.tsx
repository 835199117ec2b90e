/**
 * One code to give away: in groups to be read out or typed, as a QR picture, and for the clipboard.
 */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { useScreen } from '../screen/screen-context.ts';
import { codeGroups } from './code-groups.ts';
import { drawCode } from './code-picture.ts';

export function CodeCard({ code }: { readonly code: string }): VNode {
  const { send, tell } = useScreen();
  const picture = useMemo(() => drawCode(code), [code]);
  const copy = async (): Promise<void> => {
    const answer = await send('clipboard.write', code);
    if (answer.ok) tell('Copied your code. Whoever has it may ask to be your contact.');
  };
  return (
    <div class="code-card">
      <svg
        class="code-picture"
        viewBox={`0 0 ${picture.size} ${picture.size}`}
        shape-rendering="crispEdges"
        role="img"
        aria-label="Your code as a QR picture"
      >
        <rect width={picture.size} height={picture.size} fill="#fff" />
        <path d={picture.path} fill="#000" />
      </svg>
      <div class="code-words">
        <ol class="code-groups" aria-label="Your code, in groups of seven">
          {codeGroups(code, []).map(({ place, text }) => (
            <li key={place} class="code-group">
              {text}
            </li>
          ))}
        </ol>
        <button type="button" class="button primary" onClick={() => void copy()}>
          Copy the code
        </button>
        <p class="hint">
          It lets its holder ask you, nothing else: you accept or decline each request. Give it by voice, chat or
          picture.
        </p>
      </div>
    </div>
  );
}
