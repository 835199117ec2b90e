/**
 * What a newcomer sees first: which keys open the overlay and what to do then. On the HUD it only tells, because the HUD
 * takes no click; in the panel it can be dismissed.
 */
import type { VNode } from 'preact';
import { KeyCaps } from '../screen/key-caps.tsx';
import { useScreen } from '../screen/screen-context.ts';

const steps = [
  'Choose the window of your game.',
  'Draw a rectangle around its chat, or wait until it is found.',
  'Play: each line is kept, and found again with the search.',
] as const;

function Steps(): VNode {
  return (
    <ol class="welcome-steps">
      {steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
  );
}

/** The card over the game; nothing once it was dismissed. */
export function Welcome(): VNode | null {
  const { app, settings, mac } = useScreen();
  if (settings.welcomed) return null;
  const shortcut = settings.shortcuts.interactive;
  const held = app.shortcutConflicts.includes(shortcut);
  return (
    <section class="welcome-card" aria-label="Welcome to Lobbykeep">
      <h2>Lobbykeep keeps your chat</h2>
      <p class="welcome-key">
        {held ? (
          'Open it from its icon in the tray: another program holds the shortcut.'
        ) : (
          <>
            Press <KeyCaps accelerator={shortcut} mac={mac} /> to open it, and again to go back to the game.
          </>
        )}
      </p>
      <Steps />
    </section>
  );
}

/** The same inside the panel, with its end. */
export function WelcomeBanner(): VNode | null {
  const { settings, mac, send } = useScreen();
  if (settings.welcomed) return null;
  return (
    <section class="welcome-banner" aria-label="First steps">
      <div>
        <p>
          <KeyCaps accelerator={settings.shortcuts.interactive} mac={mac} /> opens and closes this panel over any game.
        </p>
        <Steps />
      </div>
      <button
        type="button"
        class="button primary"
        onClick={() => void send('settings.set', { ...settings, welcomed: true })}
      >
        Got it
      </button>
    </section>
  );
}
