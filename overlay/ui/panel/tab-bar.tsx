/**
 * The tabs. One tab stop; the arrow keys, Home and End go between them, as the ARIA pattern for tabs says.
 */
import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { panels } from '../../ipc/index.ts';
import type { Panel } from '../../ipc/index.ts';
import { unreadCount } from '../people/conversations.ts';
import { CountBadge } from '../people/person-parts.tsx';
import { peopleOf } from '../screen/model.ts';
import { useScreen } from '../screen/screen-context.ts';
import { itemAfterKey } from './key-targets.ts';

const titles: Readonly<Record<Panel, string>> = {
  history: 'History',
  people: 'People',
  capture: 'Capture',
  settings: 'Settings',
};

export function TabBar(): VNode {
  const { model, dispatch } = useScreen();
  const people = peopleOf(model);
  const waiting = people === null ? 0 : unreadCount(people) + people.requests.length;
  const bar = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const target = itemAfterKey(event.key, panels.indexOf(model.panel), panels.length);
    const panel = target === null ? undefined : panels[target];
    if (panel === undefined) return;
    event.preventDefault();
    dispatch({ kind: 'panel', panel });
    bar.current?.querySelector<HTMLElement>(`#tab-${panel}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Panels" ref={bar} onKeyDown={onKeyDown}>
      {panels.map((panel) => (
        <button
          key={panel}
          type="button"
          role="tab"
          id={`tab-${panel}`}
          class="tab"
          aria-selected={panel === model.panel}
          aria-controls={`panel-${panel}`}
          tabIndex={panel === model.panel ? 0 : -1}
          onClick={() => dispatch({ kind: 'panel', panel })}
        >
          {titles[panel]}
          {panel === 'people' && <CountBadge count={waiting} what="waiting" />}
        </button>
      ))}
    </div>
  );
}
