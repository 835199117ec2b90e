/**
 * The network check: why somebody may not be reached, each finding with what to do.
 */
import type { VNode } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { NetworkFinding, PeopleState } from '../../ipc/index.ts';
import { ModalDialog } from '../panel/modal-dialog.tsx';
import { ask } from '../screen/bridge.ts';
import { useScreen } from '../screen/screen-context.ts';
import { networkText, severityText, sortFindings } from './network-text.ts';

interface NetworkCheckProps {
  readonly network: PeopleState['network'];
  readonly onClose: () => void;
}

type Check =
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly findings: readonly NetworkFinding[] };

export function NetworkCheck({ network, onClose }: NetworkCheckProps): VNode {
  const { bridge } = useScreen();
  const [check, setCheck] = useState<Check>({ kind: 'running' });
  const run = useCallback(async () => {
    setCheck({ kind: 'running' });
    const answer = await ask(bridge, 'people.check', null);
    if (!answer.ok) setCheck({ kind: 'failed', message: answer.message });
    else if (!answer.value.ok) setCheck({ kind: 'failed', message: answer.value.error.message });
    else setCheck({ kind: 'done', findings: sortFindings(answer.value.value) });
  }, [bridge]);
  useEffect(() => void run(), [run]);
  const word = networkText(network);
  return (
    <ModalDialog title="Network check" onClose={onClose}>
      <p class={`network-now tone-${word.tone}`}>
        <span class="network-word">{word.text}</span>
      </p>
      <div role="status">
        {check.kind === 'running' && <p class="hint">Looking at sockets, interfaces and the firewall…</p>}
        {check.kind === 'failed' && <p class="tone-error finding">{check.message}</p>}
        {check.kind === 'done' && check.findings.length === 0 && <p class="hint">The check found nothing to say.</p>}
        {check.kind === 'done' && (
          <ul class="findings">
            {check.findings.map(({ kind, severity, message }, index) => (
              <li key={`${index} ${kind}`} class={`finding tone-${severity === 'ok' ? 'good' : severity}`}>
                <b>{severityText(severity)}</b> <span>{message}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <p class="hint">
        All stays on this local network. A guest network, a VPN or a firewall that blocks UDP keeps people apart.
      </p>
      <div class="modal-actions">
        <button type="button" class="button" disabled={check.kind === 'running'} onClick={() => void run()}>
          Check again
        </button>
        <button type="button" class="button primary" data-dialog-focus onClick={onClose}>
          Close
        </button>
      </div>
    </ModalDialog>
  );
}
