/**
 * How often the game is looked at, and which languages its chat speaks.
 */
import type { VNode } from 'preact';
import { useScreen } from '../screen/screen-context.ts';
import { languageChoices, withLanguage } from './languages.ts';
import { RangeField } from './range-field.tsx';

export function CaptureSettings(): VNode {
  const { settings, send } = useScreen();
  const { capture } = settings;
  return (
    <section class="settings-group" aria-labelledby="settings-capture">
      <h2 id="settings-capture">Reading</h2>
      <RangeField
        title="Frames a second"
        unit=""
        min={1}
        max={15}
        step={1}
        value={capture.fps}
        onChange={(fps) => void send('settings.set', { ...settings, capture: { ...capture, fps } })}
      />
      <div class="field-row" role="group" aria-labelledby="capture-languages">
        <span class="field-name" id="capture-languages">
          Languages
        </span>
        <span class="choices">
          {languageChoices(capture.languages).map(({ code, title }) => {
            const on = capture.languages.includes(code);
            return (
              <label key={code} class="choice">
                <input
                  type="checkbox"
                  checked={on}
                  disabled={on && capture.languages.length === 1}
                  onChange={() =>
                    void send('settings.set', {
                      ...settings,
                      capture: { ...capture, languages: [...withLanguage(capture.languages, code, !on)] },
                    })
                  }
                />
                {title}
              </label>
            );
          })}
        </span>
      </div>
      <p class="hint">Each further language makes reading slower. At least one stays chosen.</p>
    </section>
  );
}
