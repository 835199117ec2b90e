/**
 * One line on the HUD: a bar and a tag in the channel's colour, the speaker bold, a doubtful reading marked, and what the
 * user wants to be told of.
 */
import type { VNode } from 'preact';
import { channelColour, channelLabel, doubtfulBelow } from '../screen/channel-look.ts';
import { cutRuns } from '../screen/text-runs.ts';
import { findAlerts } from './alerts.ts';
import type { AlertTerms } from './alerts.ts';
import type { HudLine } from './hud-lines.ts';

interface HudLineProps {
  readonly line: HudLine;
  readonly terms: AlertTerms;
  /** Called when the line has faded away. */
  readonly onFaded?: () => void;
}

export function HudLineView({ line, terms, onFaded }: HudLineProps): VNode {
  const alerts = findAlerts(line, terms);
  const doubtful = line.confidence < doubtfulBelow;
  const tagged = line.channel !== 'all' && line.speaker !== null;
  return (
    <li
      class={`hud-line${doubtful ? ' doubtful' : ''}${alerts.length > 0 ? ' hud-alert' : ''}`}
      style={{ '--channel': channelColour(line.channel) }}
      onAnimationEnd={(event) => {
        if (event.animationName === 'hud-fade') onFaded?.();
      }}
    >
      {tagged && <span class="hud-tag">{channelLabel(line.channel)} </span>}
      {line.speaker !== null && <b class="hud-speaker">{line.speaker}: </b>}
      <span class="hud-text">
        {cutRuns(line.text, alerts).map((run, index) => (run.hit ? <mark key={index}>{run.text}</mark> : run.text))}
      </span>
      {doubtful && (
        <span class="doubt-mark" title="The reader is not sure of this line" role="img" aria-label="doubtful reading">
          ?
        </span>
      )}
    </li>
  );
}
