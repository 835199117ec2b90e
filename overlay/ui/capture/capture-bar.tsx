/**
 * The line over the live picture: what is captured, how its chat is read, start and pause.
 */
import type { VNode } from 'preact';
import { useScreen } from '../screen/screen-context.ts';

export function CaptureBar({ onChangeSource }: { readonly onChangeSource: () => void }): VNode {
  const { app, send } = useScreen();
  const running = app.capture.kind === 'running';
  return (
    <div class="capture-bar">
      <div class="capture-source">
        <span class={`run-lamp lamp-${app.capture.kind}`} aria-hidden="true" />
        <span class="capture-title" title={app.source?.title ?? ''}>
          {app.source?.title ?? 'No window'}
        </span>
        <button type="button" class="button" onClick={onChangeSource}>
          Change
        </button>
      </div>
      <label class="capture-profile">
        <span>Chat style</span>
        <select
          value={app.profile}
          onChange={(event) =>
            void send('capture.regions', { regions: app.regions, profile: event.currentTarget.value })
          }
        >
          {app.profiles.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button"
        disabled={app.session === null}
        title="Close the present lobby in the log and begin the next one"
        onClick={() => void send('lobby.mark', { name: null })}
      >
        New lobby
      </button>
      <button
        type="button"
        class={`button${running ? '' : ' primary'}`}
        disabled={app.regions.length === 0}
        onClick={() => void send('capture.run', { running: !running })}
      >
        {running ? 'Pause' : 'Start'}
      </button>
    </div>
  );
}
