/**
 * The Settings panel. Every change is sent at once and shown as main has stored it.
 */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useScreen } from '../screen/screen-context.ts';
import { AlertSettings } from './alert-settings.tsx';
import { CaptureSettings } from './capture-settings.tsx';
import { HudLook } from './hud-look.tsx';
import { defaultsFor } from './settings-defaults.ts';
import { ShortcutSettings } from './shortcut-settings.tsx';

function Reset(): VNode {
  const { settings, send, tell } = useScreen();
  const [asked, setAsked] = useState(false);
  const reset = async (): Promise<void> => {
    setAsked(false);
    const answer = await send('settings.set', defaultsFor(settings));
    if (answer.ok) tell('The settings are as at first; regions and games are kept.');
  };
  if (!asked) {
    return (
      <button type="button" class="button" onClick={() => setAsked(true)}>
        Reset all settings
      </button>
    );
  }
  return (
    <span class="detail-actions" role="alertdialog" aria-label="Reset all settings?">
      <span class="question">
        Shortcuts, look and capture go back to what they were at first. The log is not touched.
      </span>
      <button type="button" class="button danger" onClick={() => void reset()}>
        Reset
      </button>
      <button type="button" class="button" onClick={() => setAsked(false)}>
        Keep
      </button>
    </span>
  );
}

export function SettingsPanel(): VNode {
  const { app, send, tell } = useScreen();
  const copyFolder = async (): Promise<void> => {
    const answer = await send('clipboard.write', app.dataFolder);
    if (answer.ok) tell('Copied the path of the data folder.');
  };
  return (
    <div class="settings" tabIndex={-1}>
      <ShortcutSettings />
      <HudLook />
      <AlertSettings />
      <CaptureSettings />
      <section class="settings-group" aria-labelledby="settings-about">
        <h2 id="settings-about">About</h2>
        <div class="field-row">
          <span class="field-name">Data folder</span>
          <code class="path">{app.dataFolder}</code>
          <button type="button" class="button" onClick={() => void copyFolder()}>
            Copy path
          </button>
        </div>
        <div class="field-row">
          <span class="field-name">Version</span>
          <span>{app.version}</span>
        </div>
        <div class="field-row">
          <Reset />
          <button type="button" class="button push-end" onClick={() => void send('app.quit', null)}>
            Quit Lobbykeep
          </button>
        </div>
      </section>
    </div>
  );
}
