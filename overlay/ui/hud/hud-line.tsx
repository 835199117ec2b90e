/**
 * One line on the HUD: a bar and a tag in the channel's colour, the speaker bold, a doubtful reading marked.
 */
import type { VNode } from 'preact';
import { channelColour, channelLabel, doubtfulBelow } from '../screen/channel-look.ts';
import type { HudLine } from './hud-lines.ts';

/** `onFaded` is called when the line has faded away. */
export function HudLineView({ line, onFaded }: { readonly line: HudLine; readonly onFaded?: () => void }): VNode {
  const doubtful = line.confidence < doubtfulBelow;
  const tagged = line.channel !== 'all' && line.speaker !== null;
  return (
    <li
      class={`hud-line${doubtful ? ' doubtful' : ''}`}
      style={{ '--channel': channelColour(line.channel) }}
      onAnimationEnd={(event) => {
        if (event.animationName === 'hud-fade') onFaded?.();
      }}
    >
      {tagged && <span class="hud-tag">{channelLabel(line.channel)} </span>}
      {line.speaker !== null && <b class="hud-speaker">{line.speaker}: </b>}
      <span class="hud-text">{line.text}</span>
      {doubtful && (
        <span class="doubt-mark" title="The reader is not sure of this line" role="img" aria-label="doubtful reading">
          ?
        </span>
      )}
    </li>
  );
}
