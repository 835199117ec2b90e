/**
 * The Capture panel: which window, where its chat is, and what the reader sees in it. The live picture runs only while
 * this panel is open.
 */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CapturePreview, RelativeRegion } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';
import { adviseCapture } from './advice.ts';
import { ChatProposal } from './chat-proposal.tsx';
import { CaptureBar } from './capture-bar.tsx';
import { LivePicture } from './live-picture.tsx';
import { ReaderSights } from './reader-sights.tsx';
import { SourceChooser } from './source-chooser.tsx';
import { useRegions } from './use-regions.ts';

/** The newest preview from main, while this component is there; null before the first. */
function usePreview(wanted: boolean): CapturePreview | null {
  const { bridge, send } = useScreen();
  const [preview, setPreview] = useState<CapturePreview | null>(null);
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = bridge.listen((event) => {
      if (event.name === 'capture.preview') setPreview(event.preview);
    });
    void send('capture.preview', { on: true });
    return () => {
      stop();
      setPreview(null);
      void send('capture.preview', { on: false });
    };
  }, [bridge, send, wanted]);
  return preview;
}

export function CapturePanel(): VNode {
  const { app, send, tell } = useScreen();
  const [choosing, setChoosing] = useState(app.source === null);
  const [chosenRegion, setChosenRegion] = useState<number | null>(null);
  const preview = usePreview(app.source !== null);
  const { regions, change } = useRegions();

  const choose = async (sourceId: string): Promise<void> => {
    const answer = await send('capture.choose', { sourceId });
    if (!answer.ok) return;
    if (answer.value.ok) setChoosing(false);
    else tell(answer.value.error.message, 'error');
  };
  const changeRegions = (next: readonly RelativeRegion[]): void => {
    change(next);
    if (chosenRegion !== null && chosenRegion >= next.length) setChosenRegion(null);
  };

  const findAgain = async (): Promise<void> => {
    await send('capture.search', { on: true });
    tell('Looking for the chat: it shows itself when people talk.');
  };

  if (choosing || app.source === null) {
    return (
      <SourceChooser
        onChoose={(id) => void choose(id)}
        {...(app.source === null ? {} : { onCancel: () => setChoosing(false) })}
      />
    );
  }
  return (
    <div class="capture">
      <CaptureBar onChangeSource={() => setChoosing(true)} />
      {app.proposal !== null && <ChatProposal region={app.proposal} />}
      <ul class="advice" aria-live="polite">
        {adviseCapture(app, preview).map(({ tone, text }) => (
          <li key={text} class={`tone-${tone}`}>
            {text}
          </li>
        ))}
      </ul>
      <div class="capture-columns">
        <LivePicture
          preview={preview}
          regions={regions}
          proposal={app.proposal}
          chosen={chosenRegion}
          onChoose={setChosenRegion}
          onChange={changeRegions}
          onFind={() => void findAgain()}
        />
        <ReaderSights preview={preview} regions={regions.length} chosen={chosenRegion} onChoose={setChosenRegion} />
      </div>
    </div>
  );
}
