/**
 * The date filter: ranges that are often wanted, or two days of one's own.
 */
import type { VNode } from 'preact';
import { dayRanges } from './filter-choices.ts';
import { Popover } from './popover.tsx';
import { withFilter } from './query-terms.ts';

interface DayMenuProps {
  readonly query: string;
  readonly after: string | null;
  readonly before: string | null;
  readonly onChange: (query: string) => void;
}

/** Date fields hold a day or nothing; the query may say more (`3d`, a month). */
function fieldValue(value: string | null): string {
  return value !== null && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : '';
}

export function DayMenu({ query, after, before, onChange }: DayMenuProps): VNode {
  const setDays = (from: string | null, until: string | null): void =>
    onChange(withFilter(withFilter(query, 'before', until), 'after', from));
  return (
    <Popover
      label="Dates"
      name="Filter by date"
      active={after !== null || before !== null}
      render={(close) => (
        <>
          <ul class="options">
            {(after !== null || before !== null) && (
              <li>
                <button
                  type="button"
                  class="option"
                  onClick={() => {
                    close();
                    setDays(null, null);
                  }}
                >
                  Any date
                </button>
              </li>
            )}
            {dayRanges(Date.now()).map((range) => (
              <li key={range.title}>
                <button
                  type="button"
                  class="option"
                  aria-pressed={range.after === after && range.before === before}
                  onClick={() => {
                    close();
                    setDays(range.after, range.before);
                  }}
                >
                  {range.title}
                </button>
              </li>
            ))}
          </ul>
          <div class="day-fields">
            <label>
              From
              <input
                type="date"
                value={fieldValue(after)}
                onChange={(event) =>
                  setDays(event.currentTarget.value === '' ? null : event.currentTarget.value, before)
                }
              />
            </label>
            <label>
              Before
              <input
                type="date"
                value={fieldValue(before)}
                onChange={(event) =>
                  setDays(after, event.currentTarget.value === '' ? null : event.currentTarget.value)
                }
              />
            </label>
          </div>
        </>
      )}
    />
  );
}
