/**
 * How the HUD looks, with the HUD itself over the brightest and the darkest scene as it changes.
 */
import type { VNode } from 'preact';
import type { Settings } from '../../ipc/index.ts';
import { HudLineView } from '../hud/hud-line.tsx';
import { useScreen } from '../screen/screen-context.ts';
import { RangeField } from './range-field.tsx';

const corners = [
  ['top-left', 'Top left'],
  ['top-right', 'Top right'],
  ['bottom-left', 'Bottom left'],
  ['bottom-right', 'Bottom right'],
] as const satisfies readonly (readonly [Settings['hud']['corner'], string])[];

/** The kept lines as the HUD draws them; before the first one a sentence in its place. */
function Sample(): VNode {
  const { settings, model } = useScreen();
  const { opacity, textPct } = settings.hud;
  const lines = model.hud.slice(-3);
  return (
    <div class="look-sample" aria-hidden="true">
      <div class="hud-held look-hud" style={{ '--hud-alpha': opacity, '--hud-scale': textPct / 100 }}>
        <ol class="hud-lines">
          {lines.length === 0 ? (
            <li class="hud-line">The lines of the chat look like this.</li>
          ) : (
            lines.map((line) => <HudLineView key={line.id} line={line} terms={model.terms} />)
          )}
        </ol>
      </div>
    </div>
  );
}

export function HudLook(): VNode {
  const { settings, send } = useScreen();
  const { hud } = settings;
  const change = (part: Partial<Settings['hud']>): void =>
    void send('settings.set', { ...settings, hud: { ...hud, ...part } });
  return (
    <section class="settings-group settings-look" aria-labelledby="settings-look">
      <h2 id="settings-look">Look in the game</h2>
      <Sample />
      <div class="field-row" role="radiogroup" aria-labelledby="look-corner">
        <span class="field-name" id="look-corner">
          Corner
        </span>
        <span class="choices">
          {corners.map(([corner, title]) => (
            <label key={corner} class="choice">
              <input type="radio" name="corner" checked={hud.corner === corner} onChange={() => change({ corner })} />
              {title}
            </label>
          ))}
        </span>
      </div>
      <RangeField
        title="Lines"
        unit=""
        min={1}
        max={12}
        step={1}
        value={hud.lines}
        onChange={(lines) => change({ lines })}
      />
      <RangeField
        title="Fade after"
        unit=" s"
        min={2}
        max={120}
        step={1}
        value={hud.fadeAfterS}
        onChange={(fadeAfterS) => change({ fadeAfterS })}
      />
      <RangeField
        title="Background"
        unit=" %"
        min={20}
        max={100}
        step={5}
        value={Math.round(hud.opacity * 100)}
        onChange={(percent) => change({ opacity: percent / 100 })}
      />
      <RangeField
        title="Text size"
        unit=" %"
        min={80}
        max={200}
        step={5}
        value={hud.textPct}
        onChange={(textPct) => change({ textPct })}
      />
    </section>
  );
}
