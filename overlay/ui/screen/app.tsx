/**
 * The whole screen: the HUD always, the panel while the overlay is interactive. Takes main's state and events in and
 * hands them to the tree; nothing is drawn before the first state came.
 */
import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useReducer } from 'preact/hooks';
import type { AppState, CommandInput, CommandName, LobbykeepBridge } from '../../ipc/index.ts';
import { Hud } from '../hud/hud.tsx';
import { Welcome } from '../hud/welcome.tsx';
import { QuickReply } from '../people/quick-reply.tsx';
import { readPeople } from '../people/read-people.ts';
import { PanelShell } from '../panel/panel-shell.tsx';
import { ask } from './bridge.ts';
import { emptyScreen, reduceScreen } from './model.ts';
import { ScreenContext } from './screen-context.ts';
import type { Screen } from './screen-context.ts';

/** What stands in front of the HUD. */
function Front({ app }: { readonly app: AppState }): VNode {
  if (!app.interactive) return <Welcome />;
  return app.composing ? <QuickReply /> : <PanelShell />;
}

export function App({ bridge }: { readonly bridge: LobbykeepBridge }): VNode | null {
  const [model, dispatch] = useReducer(reduceScreen, emptyScreen);

  const tell = useCallback((text: string, tone: 'info' | 'error' = 'info') => {
    dispatch({ kind: 'message', tone, text });
  }, []);
  const send = useCallback(
    async <N extends CommandName>(name: N, input: CommandInput<N>) => {
      const answer = await ask(bridge, name, input);
      if (!answer.ok) tell(answer.message, 'error');
      return answer;
    },
    [bridge, tell],
  );

  useEffect(() => {
    const stop = bridge.listen((event) => dispatch({ kind: 'event', event }));
    const load = async (): Promise<void> => {
      const [state, settings] = await Promise.all([send('app.state', null), send('settings.get', null)]);
      if (settings.ok) dispatch({ kind: 'event', event: { name: 'settings', settings: settings.value } });
      if (state.ok) dispatch({ kind: 'event', event: { name: 'app.state', state: state.value } });
    };
    void load();
    // For the names on the HUD. Where the engine is not up yet it tells by an event when it is.
    const meet = async (): Promise<void> => dispatch({ kind: 'people', people: await readPeople(bridge) });
    void meet();
    return stop;
  }, [bridge, send]);

  const screen = useMemo<Screen | null>(() => {
    const { app, settings } = model;
    if (app === null || settings === null) return null;
    const mac = /Mac/.test(navigator.userAgent);
    return { bridge, model, app, settings, mac, dispatch, send, tell };
  }, [bridge, model, send, tell]);

  if (screen === null) {
    return model.message === null ? null : (
      <p class="no-bridge" role="alert">
        {model.message.text}
      </p>
    );
  }
  return (
    <ScreenContext.Provider value={screen}>
      <Hud />
      <Front app={screen.app} />
    </ScreenContext.Provider>
  );
}
