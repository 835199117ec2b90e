/**
 * Filters of the History panel. A menu writes its filter into the query, a chip takes it out: what is filtered is always
 * what stands in the search line.
 */
import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { LogLine, SessionSummary } from '../../../storage/log.ts';
import { useScreen } from '../screen/screen-context.ts';
import { ChoiceMenu } from './choice-menu.tsx';
import { DayMenu } from './day-menu.tsx';
import { channelChoices, gameChoices, lobbyChoices, speakerChoices } from './filter-choices.ts';
import { readFilters, withFilter, withoutTerm } from './query-terms.ts';
import type { FilterName } from './query-terms.ts';

interface FilterBarProps {
  readonly query: string;
  /** Lines at hand, newest first. */
  readonly lines: readonly LogLine[];
  readonly onChange: (query: string) => void;
}

export function FilterBar({ query, lines, onChange }: FilterBarProps): VNode {
  const { send } = useScreen();
  const [sessions, setSessions] = useState<readonly SessionSummary[]>([]);
  const filters = useMemo(() => readFilters(query), [query]);
  const valueOf = (name: FilterName): string | null =>
    filters.find((term) => term.filter === name && !term.excluded)?.value ?? null;
  const loadSessions = async (): Promise<void> => {
    const answer = await send('log.sessions', null);
    if (answer.ok) setSessions(answer.value);
  };
  const pick = (name: FilterName) => (value: string | null) => onChange(withFilter(query, name, value));
  return (
    <div class="filters">
      <div class="filter-menus" role="group" aria-label="Filters">
        <ChoiceMenu
          title="Game"
          chosen={valueOf('game')}
          choices={() => gameChoices(sessions)}
          onOpen={() => void loadSessions()}
          onPick={pick('game')}
        />
        <ChoiceMenu
          title="Lobby"
          chosen={valueOf('lobby')}
          choices={() => lobbyChoices(sessions, valueOf('game'))}
          onOpen={() => void loadSessions()}
          onPick={pick('lobby')}
        />
        <ChoiceMenu
          title="Channel"
          chosen={valueOf('channel')}
          choices={() => channelChoices(lines)}
          onPick={pick('channel')}
        />
        <ChoiceMenu
          title="Speaker"
          chosen={valueOf('from')}
          choices={() => speakerChoices(lines)}
          onPick={pick('from')}
        />
        <DayMenu query={query} after={valueOf('after')} before={valueOf('before')} onChange={onChange} />
      </div>
      {filters.length > 0 && (
        <ul class="chips" aria-label="Filters in use">
          {filters.map((term) => (
            <li key={`${term.start} ${term.value}`}>
              <button
                type="button"
                class="chip"
                aria-label={`Remove filter ${term.filter ?? ''} ${term.value}`}
                onClick={() => onChange(withoutTerm(query, term))}
              >
                <span class="chip-name">
                  {term.excluded ? 'not ' : ''}
                  {term.filter}
                </span>
                {term.value}
                <svg viewBox="0 0 8 8" aria-hidden="true">
                  <path d="M1.5 1.5l5 5m0-5l-5 5" />
                </svg>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
