/**
 * A number on a slider, with its value beside it. Follows the hand at once and sends what it rests on.
 */
import type { VNode } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { useDebounced } from '../screen/debounce.ts';

interface RangeFieldProps {
  readonly title: string;
  /** Written behind the number, with its space. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Short enough to look live, long enough not to write the settings file a hundred times a second. */
const restMs = 60;

export function RangeField({ title, unit, min, max, step, value, onChange }: RangeFieldProps): VNode {
  const id = useId();
  const [hand, setHand] = useState<number | null>(null);
  const sending = useDebounced(onChange, restMs);
  useEffect(() => setHand(null), [value]);
  const shown = hand ?? value;
  return (
    <div class="field-row">
      <label class="field-name" for={id}>
        {title}
      </label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={shown}
        aria-valuetext={`${shown}${unit}`}
        onInput={(event) => {
          const wanted = event.currentTarget.valueAsNumber;
          setHand(wanted);
          sending.call(wanted);
        }}
      />
      <output class="range-value" for={id}>
        {shown}
        {unit}
      </output>
    </div>
  );
}
