/**
 * All of something, or those that are ticked; what is not offered can be typed.
 */
import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { offeredNames, toggleName } from './scope-draft.ts';

interface NameChoiceProps {
  readonly title: string;
  readonly all: string;
  readonly offered: readonly string[];
  /** Null: all. */
  readonly chosen: readonly string[] | null;
  readonly longestName?: number;
  readonly onChange: (chosen: readonly string[] | null) => void;
}

export function NameChoice({ title, all, offered, chosen, longestName = 200, onChange }: NameChoiceProps): VNode {
  const id = useId();
  const [typed, setTyped] = useState('');
  const names = offeredNames(offered, chosen);
  const add = (): void => {
    const name = typed.trim();
    if (name === '') return;
    onChange(toggleName(chosen, name, true, []));
    setTyped('');
  };
  return (
    <fieldset class="name-choice">
      <legend>{title}</legend>
      <label class="choice">
        <input type="radio" name={id} checked={chosen === null} onChange={() => onChange(null)} />
        {all}
      </label>
      <label class="choice">
        <input
          type="radio"
          name={id}
          checked={chosen !== null}
          onChange={() => onChange(chosen ?? names.filter((name) => offered.includes(name)))}
        />
        Only these
      </label>
      {chosen !== null && (
        <div class="name-options">
          {names.map((name) => (
            <label key={name} class="choice">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={(event) => onChange(toggleName(chosen, name, event.currentTarget.checked, names))}
              />
              <bdi>{name}</bdi>
            </label>
          ))}
          <span class="name-more">
            <input
              type="text"
              class="text-field"
              value={typed}
              maxLength={longestName}
              placeholder="Another"
              aria-label={`${title}: another one`}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
            />
            <button type="button" class="button small" disabled={typed.trim() === ''} onClick={add}>
              Add
            </button>
          </span>
        </div>
      )}
    </fieldset>
  );
}
