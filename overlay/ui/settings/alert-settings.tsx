/**
 * What the user wants to be told of: their names in games and other words, the sound, and how often.
 */
import type { VNode } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { playChime } from '../hud/chime.ts';
import { useScreen } from '../screen/screen-context.ts';
import { joinTerms, splitTerms } from './alert-terms.ts';
import { RangeField } from './range-field.tsx';

interface TermsFieldProps {
  readonly title: string;
  readonly hint: string;
  readonly terms: readonly string[];
  readonly onChange: (terms: string[]) => void;
}

/** Terms with commas between them; kept on Enter and when the field is left, Escape takes back what was typed. */
function TermsField({ title, hint, terms, onChange }: TermsFieldProps): VNode {
  const id = useId();
  const kept = joinTerms(terms);
  const [typed, setTyped] = useState(kept);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => setTyped(kept), [kept]);
  const keep = (): void => {
    const split = splitTerms(typed);
    setProblem(split.ok ? null : split.problem);
    if (!split.ok) return;
    if (joinTerms(split.terms) === kept) setTyped(kept);
    else onChange([...split.terms]);
  };
  return (
    <div class="field-row">
      <label class="field-name" for={id}>
        {title}
      </label>
      <input
        id={id}
        class="text-field terms-input"
        type="text"
        placeholder={hint}
        value={typed}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          if (event.key !== 'Escape' || typed === kept) return;
          event.stopPropagation();
          setTyped(kept);
          setProblem(null);
        }}
      />
      {problem !== null && (
        <span id={`${id}-problem`} class="field-problem" role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}

export function AlertSettings(): VNode {
  const { settings, send, tell } = useScreen();
  const { alerts } = settings;
  const change = (part: Partial<typeof alerts>): void =>
    void send('settings.set', { ...settings, alerts: { ...alerts, ...part } });
  return (
    <section class="settings-group" aria-labelledby="settings-alerts">
      <h2 id="settings-alerts">Alerts</h2>
      <TermsField
        title="Your names in games"
        hint="Rook, xX_Rook_Xx"
        terms={alerts.names}
        onChange={(names) => change({ names })}
      />
      <TermsField
        title="Other words"
        hint="healer, trade"
        terms={alerts.words}
        onChange={(words) => change({ words })}
      />
      <p class="hint">
        With commas between them. A line in which somebody says one is marked and stays longer; small reading errors do
        not hide it. What you say yourself is no alert.
      </p>
      <div class="field-row">
        <span class="field-name">Sound</span>
        <label class="choice">
          <input type="checkbox" checked={alerts.sound} onChange={() => change({ sound: !alerts.sound })} />
          Play a chime
        </label>
        <button
          type="button"
          class="button push-end"
          onClick={() => void playChime().catch(() => tell('This machine plays no sound.', 'error'))}
        >
          Try it
        </button>
      </div>
      <RangeField
        title="Quiet for one speaker"
        unit=" s"
        min={0}
        max={120}
        step={5}
        value={alerts.cooldownS}
        onChange={(cooldownS) => change({ cooldownS })}
      />
    </section>
  );
}
