/**
 * A filter menu: the values at hand with their counts, narrowed as one types; what is typed can be taken as it is.
 */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { countText } from '../screen/clock-text.ts';
import type { Choice } from './filter-choices.ts';
import { Popover } from './popover.tsx';

interface ChoiceMenuProps {
  readonly title: string;
  readonly chosen: string | null;
  /** Asked only while the menu is open. */
  readonly choices: () => readonly Choice[];
  readonly onOpen?: () => void;
  /** Null takes the filter away. */
  readonly onPick: (value: string | null) => void;
}

export function ChoiceMenu({ title, chosen, choices, onOpen, onPick }: ChoiceMenuProps): VNode {
  const [typed, setTyped] = useState('');
  return (
    <Popover
      label={title}
      name={`Filter by ${title.toLowerCase()}`}
      active={chosen !== null}
      onOpen={() => {
        setTyped('');
        onOpen?.();
      }}
      render={(close) => {
        const wanted = typed.trim().toLowerCase();
        const shown = choices().filter(({ value }) => value.toLowerCase().includes(wanted));
        const pick = (value: string | null): void => {
          close();
          onPick(value);
        };
        return (
          <>
            <input
              type="text"
              class="popover-input"
              value={typed}
              maxLength={200}
              placeholder={`${title}, or part of it`}
              aria-label={`${title}, or part of it`}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && typed.trim() !== '') pick(typed.trim());
              }}
            />
            <ul class="options">
              {chosen !== null && (
                <li>
                  <button type="button" class="option" onClick={() => pick(null)}>
                    Any {title.toLowerCase()}
                  </button>
                </li>
              )}
              {shown.map(({ value, lines }) => (
                <li key={value}>
                  <button type="button" class="option" aria-pressed={value === chosen} onClick={() => pick(value)}>
                    <span class="option-value">{value}</span>
                    <span class="option-hint">{countText(lines)}</span>
                  </button>
                </li>
              ))}
              {shown.length === 0 && (
                <li class="options-empty">{wanted === '' ? 'None yet' : 'Enter takes what you typed'}</li>
              )}
            </ul>
          </>
        );
      }}
    />
  );
}
