/**
 * The selected line in full, with all that can be done to it; for several lines, what can be done to them together.
 */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { LogLine } from '../../../storage/log.ts';
import { channelColour, channelLabel } from '../screen/channel-look.ts';
import { dayText, timeText } from '../screen/clock-text.ts';
import { LineCorrection } from './line-correction.tsx';
import { LineDeletion } from './line-deletion.tsx';
import { MarkedText } from './line-parts.tsx';
import { LinePicture } from './line-picture.tsx';
import { WitnessReadings } from './line-witnesses.tsx';
import type { Marks } from './query-terms.ts';

/** What needs an answer of the user's before it is done. */
export type Doing = 'correct' | 'delete';

interface DetailPaneProps {
  /** One or more, newest first. */
  readonly lines: readonly LogLine[];
  readonly marks: Marks;
  /** What is being done to the one line. */
  readonly doing: Doing | null;
  readonly onDoing: (doing: Doing | null) => void;
  readonly onContext: (id: string) => void;
  readonly onCopy: () => void;
  readonly onClose: () => void;
  /** A correction or a question is over: the keyboard goes on in the list. */
  readonly onLeave: () => void;
}

function LineFacts({ line }: { readonly line: LogLine }): VNode {
  return (
    <p class="facts">
      <span>
        {dayText(line.atMs)}, {timeText(line.atMs)}
      </span>
      <span style={{ color: channelColour(line.channel) }}>{channelLabel(line.channel)}</span>
      <span>
        {line.game}
        {line.lobby === null ? '' : `, ${line.lobby}`}
      </span>
      <span title="How sure the reader is of this line">{Math.round(line.confidence * 100)} % sure</span>
      {line.revised && <span>corrected or read again</span>}
    </p>
  );
}

export function DetailPane({
  lines,
  marks,
  doing,
  onDoing,
  onContext,
  onCopy,
  onClose,
  onLeave,
}: DetailPaneProps): VNode | null {
  const [pictures, setPictures] = useState(false);
  const line = lines.length === 1 ? lines[0] : undefined;
  const done = (): void => {
    onDoing(null);
    onLeave();
  };
  if (line === undefined) {
    return (
      <section class="detail" aria-label="Selected lines">
        <div class="detail-actions">
          <span>{lines.length} lines selected</span>
          <button type="button" class="button" onClick={onCopy}>
            Copy
          </button>
          <button type="button" class="button" onClick={onClose}>
            Clear selection
          </button>
        </div>
      </section>
    );
  }
  return (
    <section class="detail" aria-label="Selected line">
      <LineFacts line={line} />
      {doing === 'correct' ? (
        <LineCorrection line={line} onDone={done} />
      ) : (
        <p class="detail-line">
          <MarkedText text={line.line} wanted={[...marks.text, ...marks.speakers]} />
        </p>
      )}
      <WitnessReadings line={line} />
      {pictures && <LinePicture id={line.id} has={line.hasPicture} />}
      {doing === 'delete' ? (
        <LineDeletion line={line} onDone={done} />
      ) : (
        <div class="detail-actions">
          <button type="button" class="button" title="Enter" onClick={() => onContext(line.id)}>
            Show around it
          </button>
          <button type="button" class="button" onClick={onCopy}>
            Copy
          </button>
          <button
            type="button"
            class="button"
            aria-pressed={pictures}
            disabled={!line.hasPicture}
            onClick={() => setPictures(!pictures)}
          >
            {line.hasPicture ? 'Picture' : 'No picture'}
          </button>
          <button
            type="button"
            class="button"
            title="F2"
            disabled={doing === 'correct'}
            onClick={() => onDoing('correct')}
          >
            Correct
          </button>
          <button type="button" class="button danger" title="Del" onClick={() => onDoing('delete')}>
            Delete
          </button>
          <button
            type="button"
            class="icon-button detail-close"
            aria-label="Clear selection"
            title="Clear selection"
            onClick={onClose}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M3.5 3.5l9 9m0-9l-9 9" />
            </svg>
          </button>
        </div>
      )}
    </section>
  );
}
