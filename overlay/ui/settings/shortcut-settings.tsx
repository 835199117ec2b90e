/**
 * The shortcuts, each recorded by pressing it.
 */
import type { VNode } from 'preact';
import { shortcutActions } from '../../ipc/index.ts';
import type { ShortcutAction } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';
import { ShortcutField } from './shortcut-field.tsx';
import { shortcutTitles } from './shortcut-titles.ts';

export function ShortcutSettings(): VNode {
  const { settings, app, mac } = useScreen();
  return (
    <section class="settings-group" aria-labelledby="settings-shortcuts">
      <h2 id="settings-shortcuts">Shortcuts</h2>
      <p class="hint">They work in the game too. Press a field, then the keys.</p>
      {shortcutActions.map((action: ShortcutAction) => (
        <ShortcutField
          key={action}
          action={action}
          title={shortcutTitles[action]}
          accelerator={settings.shortcuts[action]}
          held={app.shortcutConflicts.includes(settings.shortcuts[action])}
          mac={mac}
        />
      ))}
    </section>
  );
}
