/**
 * One region on the live picture: a frame with eight grips, and the keys that do the same.
 */
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RelativeRegion } from '../../ipc/index.ts';
import { grips, keyRegion, regionPlace, regionPx } from './region-maths.ts';

interface RegionFrameProps {
  readonly index: number;
  readonly region: RelativeRegion;
  /** Size of the captured picture, px. */
  readonly picture: { readonly widthPx: number; readonly heightPx: number };
  readonly chosen: boolean;
  readonly onChoose: () => void;
  readonly onChange: (region: RelativeRegion) => void;
  readonly onRemove: () => void;
}

export function RegionFrame({ index, region, picture, chosen, onChoose, onChange, onRemove }: RegionFrameProps): VNode {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (chosen) frame.current?.focus({ preventScroll: true });
  }, [chosen]);
  const { widthPx, heightPx } = regionPx(region, picture);
  return (
    <div
      ref={frame}
      class={`region${chosen ? ' chosen' : ''}`}
      data-region={index}
      tabIndex={0}
      role="group"
      aria-roledescription="chat region"
      aria-label={`Region ${index + 1}, ${widthPx} by ${heightPx} pixels`}
      style={regionPlace(region)}
      onFocus={onChoose}
      onKeyDown={(event) => {
        if (event.key === 'Delete' || event.key === 'Backspace') {
          event.preventDefault();
          onRemove();
          return;
        }
        const changed = keyRegion(region, event, picture);
        if (changed === null) return;
        event.preventDefault();
        onChange(changed);
      }}
    >
      <span class="region-label">
        {index + 1} · {widthPx} × {heightPx}
      </span>
      {grips.map((grip) => (
        <span key={grip} class={`grip grip-${grip}`} data-grip={grip} aria-hidden="true" />
      ))}
    </div>
  );
}
