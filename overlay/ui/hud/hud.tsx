/**
 * The HUD: what people say to the user and the last kept lines in a corner, fading, and a chip for each thing that is
 * not as it should be. It never takes a click. Fading is a CSS animation a line, so that no clock runs here.
 */
import type { VNode } from 'preact';
import { peopleOf } from '../screen/model.ts';
import { useScreen } from '../screen/screen-context.ts';
import { HudLineView } from './hud-line.tsx';
import { chatRows } from './hud-talk.ts';
import { HudTalkRows } from './hud-talk-rows.tsx';
import { peopleChips } from './people-chips.ts';
import { useChime } from './use-chime.ts';
import { statusChips } from './status-chips.ts';

export function Hud(): VNode {
  const { app, settings, model, mac, dispatch } = useScreen();
  const { corner, fadeAfterS, lines, opacity, textPct } = settings.hud;
  const chips = [...statusChips(app, mac), ...peopleChips(peopleOf(model), model.talk)];
  useChime(model.bell.rings, settings.alerts.sound);
  const shown = model.hud.slice(-chatRows(lines, model.talk));
  return (
    <section
      class={`hud hud-${corner}${app.interactive ? ' hud-held' : ''}${app.onScreen ? '' : ' hud-unseen'}`}
      aria-label="Last lines"
      style={{ '--hud-alpha': opacity, '--hud-scale': textPct / 100, '--fade-after': `${fadeAfterS}s` }}
    >
      {chips.length > 0 && (
        <ul class="hud-chips" role="status">
          {chips.map(({ tone, text }) => (
            <li key={text} class={`hud-chip tone-${tone}`}>
              {text}
            </li>
          ))}
        </ul>
      )}
      <HudTalkRows />
      {shown.length > 0 && (
        <ol class="hud-lines">
          {shown.map((line) => (
            <HudLineView
              key={line.id}
              line={line}
              terms={model.terms}
              onFaded={() => dispatch({ kind: 'hud-faded', id: line.id })}
            />
          ))}
        </ol>
      )}
    </section>
  );
}
