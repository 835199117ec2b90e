/**
 * What is wrong with the app as a whole, over every tab: the log cannot be written, a shortcut is held by another
 * program, sentences from main.
 */
import type { VNode } from 'preact';
import { acceleratorText } from '../settings/accelerator.ts';
import { useScreen } from '../screen/screen-context.ts';

export function Notices(): VNode | null {
  const { app, mac } = useScreen();
  const conflicts = app.shortcutConflicts.map(
    (held) => `Another program holds ${acceleratorText(held, mac)}. Choose another shortcut in Settings.`,
  );
  const sentences = [...conflicts, ...app.notices];
  if (app.logProblem === null && sentences.length === 0) return null;
  return (
    <ul class="notices">
      {app.logProblem !== null && <li class="tone-error">The log cannot be written: {app.logProblem}</li>}
      {sentences.map((sentence) => (
        <li key={sentence} class="tone-warn">
          {sentence}
        </li>
      ))}
    </ul>
  );
}
