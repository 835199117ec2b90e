/** What is known of the game's font: how much, which characters and what they look like, and the way to forget it. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { CapturePreview } from '../../ipc/index.ts';
import { countText } from '../screen/clock-text.ts';
import { useScreen } from '../screen/screen-context.ts';

type Font = CapturePreview['regions'][number]['font'];

const GLYPHS = 'learned-glyphs';

export function LearnedFont({ font: { letters, matched, asked, glyphs } }: { readonly font: Font }): VNode {
  const { send, tell } = useScreen();
  const [isOpen, setOpen] = useState(false);
  const forget = async (): Promise<void> => {
    const answer = await send('capture.forget-font', null);
    if (answer.ok) tell('The font is forgotten, and learned anew from the next lines.');
  };
  const share = Math.round((100 * matched) / Math.max(1, matched + asked));
  return (
    <div class="learned-font">
      <div class="learned-head">
        <span>
          {letters === 0
            ? 'The font of this game is being learned.'
            : `${countText(letters)} characters of this game's font are known; ${share} % of the rows were read by them alone.`}
        </span>
        <button
          type="button"
          class="button small"
          disabled={letters === 0}
          aria-expanded={isOpen}
          aria-controls={GLYPHS}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Hide them' : 'Show them'}
        </button>
        <button type="button" class="button small" disabled={letters === 0} onClick={() => void forget()}>
          Forget it
        </button>
      </div>
      {isOpen && letters > 0 && (
        <ul id={GLYPHS} class="glyphs" aria-label="Characters as the game draws them" tabIndex={0}>
          {glyphs.map(({ text, picture }) => (
            <li key={text}>
              <img src={picture} alt="" />
              <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
