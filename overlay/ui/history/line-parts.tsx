/**
 * How a line of the log is drawn: time, channel, speaker and text, with what was searched for marked.
 */
import type { VNode } from 'preact';
import type { LogLine } from '../../../storage/log.ts';
import { channelColour, channelLabel, doubtfulBelow } from '../screen/channel-look.ts';
import { dayText, timeText } from '../screen/clock-text.ts';
import { markHits } from './hit-marks.ts';
import { WitnessChip } from './line-witnesses.tsx';
import type { HeadingRow } from './log-rows.ts';
import type { Marks } from './query-terms.ts';

/** A text with its hits marked. */
export function MarkedText({ text, wanted }: { readonly text: string; readonly wanted: readonly string[] }): VNode {
  return <>{markHits(text, wanted).map((run, index) => (run.hit ? <mark key={index}>{run.text}</mark> : run.text))}</>;
}

/** A line's parts, in reading order. */
export function LineParts({ line, marks }: { readonly line: LogLine; readonly marks: Marks }): VNode {
  const doubtful = line.confidence < doubtfulBelow;
  return (
    <>
      <time class="line-time" dateTime={new Date(line.atMs).toISOString()}>
        {timeText(line.atMs)}
      </time>
      <span class="line-channel">{channelLabel(line.channel)}</span>
      <span class={`line-words${doubtful ? ' doubtful' : ''}`} style={{ '--channel': channelColour(line.channel) }}>
        {line.speaker !== null && (
          <b class="line-speaker">
            <MarkedText text={line.speaker} wanted={[...marks.text, ...marks.speakers]} />
            {': '}
          </b>
        )}
        <MarkedText text={line.text} wanted={marks.text} />
        {doubtful && (
          <span class="doubt-mark" role="img" aria-label="doubtful reading" title="The reader is not sure of this line">
            ?
          </span>
        )}
      </span>
      <WitnessChip line={line} />
    </>
  );
}

/** The heading of a stay in a lobby, or of a further day of it. */
export function LogHeading({ row }: { readonly row: Pick<HeadingRow, 'game' | 'lobby' | 'atMs'> }): VNode {
  return (
    <div class="log-heading">
      <span class="heading-lobby">{row.lobby ?? 'Lobby without a name'}</span>
      <span class="heading-game">{row.game}</span>
      <time class="heading-day">{dayText(row.atMs)}</time>
    </div>
  );
}
