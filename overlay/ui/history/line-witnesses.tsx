/**
 * Who saw a line: a chip in its row, and every reading in the pane of the selected line.
 */
import type { VNode } from 'preact';
import type { LogLine } from '../../../storage/log.ts';
import { nameOfPeer } from '../people/conversations.ts';
import { timeText } from '../screen/clock-text.ts';
import { peopleOf } from '../screen/model.ts';
import { useScreen } from '../screen/screen-context.ts';
import { witnessesOf, witnessNames, witnessText } from './witnesses.ts';

/** The chip; nothing for a line of this device alone. */
export function WitnessChip({ line }: { readonly line: LogLine }): VNode | null {
  const { model } = useScreen();
  const witnesses = witnessesOf(line);
  if (witnesses.length === 0) return null;
  const names = witnessNames(witnesses, (peer) => nameOfPeer(peopleOf(model), peer));
  return (
    <span class="witness-chip" title={`Seen by ${names.join(', ')}`}>
      <span class="unseen">seen by </span>
      <bdi>{witnessText(names)}</bdi>
    </span>
  );
}

/** Each reading with who made it, when, and how sure their reader was. */
export function WitnessReadings({ line }: { readonly line: LogLine }): VNode | null {
  const { model } = useScreen();
  const witnesses = witnessesOf(line);
  if (witnesses.length === 0) return null;
  return (
    <section class="witnesses" aria-label="Who saw this line">
      <h3>{witnesses.length === 1 ? 'Read by one who shares with you' : `Read by ${witnesses.length}`}</h3>
      <ul>
        {witnesses.map((witness, index) => (
          <li key={`${witness.peer ?? ''} ${index}`} class={witness.line === line.line ? '' : 'differs'}>
            <b>
              <bdi>{witness.peer === null ? 'You' : nameOfPeer(peopleOf(model), witness.peer)}</bdi>
            </b>
            <span class="witness-line" dir="auto">
              {witness.line}
            </span>
            <span class="hint">
              {timeText(witness.atMs)}, {Math.round(witness.confidence * 100)} % sure
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
