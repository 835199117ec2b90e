/**
 * The HUD: the last kept lines in a corner, fading, and a chip for each thing that is not as it should be. It never takes
 * a click. Fading is a CSS animation a line, so that no clock runs here.
 */
import type { VNode } from 'preact';
import { useScreen } from '../screen/screen-context.ts';
import { HudLineView } from './hud-line.tsx';
import { statusChips } from './status-chips.ts';

export function Hud(): VNode {
  const { app, settings, model, mac, dispatch } = useScreen();
  const { corner, fadeAfterS, lines, opacity, textPct } = settings.hud;
  const chips = statusChips(app, mac);
  const shown = model.hud.slice(-lines);
  return (
    <section
      class={`hud hud-${corner}${app.interactive ? ' hud-held' : ''}`}
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
      {shown.length > 0 && (
        <ol class="hud-lines">
          {shown.map((line) => (
            <HudLineView key={line.id} line={line} onFaded={() => dispatch({ kind: 'hud-faded', id: line.id })} />
          ))}
        </ol>
      )}
    </section>
  );
}
