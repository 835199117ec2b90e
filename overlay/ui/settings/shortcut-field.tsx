/**
 * One shortcut: pressed to record, kept when main could register it, otherwise the reason and the old one.
 */
import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ShortcutAction } from '../../ipc/index.ts';
import { KeyCaps } from '../screen/key-caps.tsx';
import { useScreen } from '../screen/screen-context.ts';
import { recordKey, takenBy } from './accelerator.ts';
import { shortcutTitles } from './shortcut-titles.ts';

interface ShortcutFieldProps {
  readonly action: ShortcutAction;
  readonly title: string;
  readonly accelerator: string;
  /** Whether another program holds it. */
  readonly held: boolean;
  readonly mac: boolean;
}

export function ShortcutField({ action, title, accelerator, held, mac }: ShortcutFieldProps): VNode {
  const { settings, send } = useScreen();
  const [recording, setRecording] = useState(false);
  const [pressed, setPressed] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const stop = (): void => {
    setRecording(false);
    setPressed('');
  };
  const keep = async (wanted: string): Promise<void> => {
    const other = takenBy(settings.shortcuts, action, wanted);
    if (other !== null) {
      const title = Object.entries(shortcutTitles).find(([name]) => name === other)?.[1] ?? other;
      setProblem(`Already used for “${title}”.`);
      return;
    }
    const answer = await send('shortcut.set', { action, accelerator: wanted });
    if (!answer.ok) return;
    if (answer.value.ok) {
      setProblem(null);
      stop();
    } else {
      setProblem(answer.value.error.message);
    }
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLButtonElement>): void => {
    if (!recording) return;
    const bare = !event.ctrlKey && !event.altKey && !event.metaKey;
    // Tab goes on as everywhere; the field lets go by onBlur.
    if (event.key === 'Tab' && bare) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      setProblem(null);
      stop();
      return;
    }
    const recorded = recordKey(event, mac);
    switch (recorded.kind) {
      case 'incomplete':
        setPressed(recorded.held);
        return;
      case 'refused':
        setProblem(recorded.reason);
        return;
      case 'accepted':
        void keep(recorded.accelerator);
    }
  };
  const sentence = problem ?? (held ? 'Another program holds this one: choose another.' : null);
  return (
    <div class="field-row shortcut-row">
      <span class="field-name">{title}</span>
      <button
        type="button"
        class={`shortcut${recording ? ' recording' : ''}`}
        aria-label={`Shortcut to ${title.toLowerCase()}, press to change`}
        aria-pressed={recording}
        onClick={() => {
          setProblem(null);
          setRecording(true);
        }}
        onBlur={stop}
        onKeyDown={onKeyDown}
      >
        {recording ? (
          <span class="recording-text">{pressed === '' ? 'Press the keys…' : `${pressed} …`}</span>
        ) : (
          <KeyCaps accelerator={accelerator} mac={mac} />
        )}
      </button>
      {sentence !== null && (
        <span class="field-problem" role="alert">
          {sentence}
        </span>
      )}
    </div>
  );
}
