/**
 * The panel of the interactive overlay: tabs, the way out (Escape, the cross, a click beside it), a header to drag it by,
 * and the message of the last command. Focus stays inside while it is open.
 */
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { CapturePanel } from '../capture/capture-panel.tsx';
import { History } from '../history/history.tsx';
import { WelcomeBanner } from '../hud/welcome.tsx';
import { PeoplePanel } from '../people/people-panel.tsx';
import { useScreen } from '../screen/screen-context.ts';
import { SettingsPanel } from '../settings/settings-panel.tsx';
import type { Panel } from '../../ipc/index.ts';
import { trapTab } from './focus-trap.ts';
import { MessageLine } from './message-line.tsx';
import { Notices } from './notices.tsx';
import { TabBar } from './tab-bar.tsx';
import { useDrag } from './use-drag.ts';

function PanelBody({ panel }: { readonly panel: Panel }): VNode {
  switch (panel) {
    case 'history':
      return <History />;
    case 'people':
      return <PeoplePanel />;
    case 'capture':
      return <CapturePanel />;
    case 'settings':
      return <SettingsPanel />;
  }
}

export function PanelShell(): VNode {
  const { model, send } = useScreen();
  const shell = useRef<HTMLDivElement>(null);
  const drag = useDrag(shell);
  const close = (): void => void send('overlay.interactive', { on: false });

  useEffect(() => {
    // On the window: Escape must work when focus was lost to the page.
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
      if (shell.current !== null) trapTab(shell.current, event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  useLayoutEffect(() => {
    const root = shell.current;
    const first =
      root?.querySelector<HTMLElement>('[data-first-focus]') ??
      root?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]');
    if (root !== null && !root.contains(document.activeElement)) first?.focus();
  }, [model.panel]);

  return (
    <div
      class="backdrop"
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close();
      }}
    >
      <div class="panel" role="dialog" aria-modal="true" aria-label="Lobbykeep" ref={shell} style={drag.style}>
        <header class="panel-header" {...drag.handlers}>
          <span class="panel-mark" aria-hidden="true" />
          <TabBar />
          <button
            type="button"
            class="icon-button"
            aria-label="Back to the game (Escape)"
            title="Back to the game (Esc)"
            onClick={close}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M3.5 3.5l9 9m0-9l-9 9" />
            </svg>
          </button>
        </header>
        <Notices />
        <WelcomeBanner />
        <div class="panel-body" role="tabpanel" id={`panel-${model.panel}`} aria-labelledby={`tab-${model.panel}`}>
          <PanelBody key={model.panel} panel={model.panel} />
        </div>
        <MessageLine />
      </div>
    </div>
  );
}
