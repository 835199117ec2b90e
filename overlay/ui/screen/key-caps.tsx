/**
 * A shortcut drawn as keys.
 */
import type { VNode } from 'preact';
import { acceleratorKeys, acceleratorText } from '../settings/accelerator.ts';

/** The keys of an Electron accelerator, each as a cap; read aloud as one shortcut. */
export function KeyCaps({ accelerator, mac }: { readonly accelerator: string; readonly mac: boolean }): VNode {
  return (
    <span class="key-caps" role="img" aria-label={acceleratorText(accelerator, mac)}>
      {acceleratorKeys(accelerator, mac).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
