/**
 * The live picture with the regions on it: drawn, moved and resized with the mouse, and with the keyboard by
 * `RegionFrame`.
 */
import type { TargetedPointerEvent, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { CapturePreview, RelativeRegion } from '../../ipc/index.ts';
import { RegionFrame } from './region-frame.tsx';
import { dragRegion, gripNamed, regionBetween, regionCapacity, regionPlace, suggestRegion } from './region-maths.ts';
import type { Grip, Point } from './region-maths.ts';

interface LivePictureProps {
  readonly preview: CapturePreview | null;
  readonly regions: readonly RelativeRegion[];
  /** Where the chat seems to be, not yet taken. */
  readonly proposal: RelativeRegion | null;
  readonly chosen: number | null;
  readonly onChoose: (index: number | null) => void;
  readonly onChange: (regions: readonly RelativeRegion[]) => void;
  /** Look for the chat anew. */
  readonly onFind: () => void;
}

/** What the pressed pointer does, from where it went down. */
type Press =
  | { readonly kind: 'draw'; readonly from: Point }
  | {
      readonly kind: 'drag';
      readonly from: Point;
      readonly index: number;
      readonly grip: Grip;
      readonly region: RelativeRegion;
    };

function replaceAt(
  regions: readonly RelativeRegion[],
  index: number,
  region: RelativeRegion,
): readonly RelativeRegion[] {
  return regions.map((held, at) => (at === index ? region : held));
}

export function LivePicture({
  preview,
  regions,
  proposal,
  chosen,
  onChoose,
  onChange,
  onFind,
}: LivePictureProps): VNode {
  const surface = useRef<HTMLDivElement>(null);
  const [press, setPress] = useState<Press | null>(null);
  const [drawn, setDrawn] = useState<RelativeRegion | null>(null);
  const size = preview ?? { widthPx: 1280, heightPx: 720 };
  const full = regions.length >= regionCapacity;

  const pointOf = (event: TargetedPointerEvent<HTMLElement>): Point => {
    const box = surface.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const begin = (event: TargetedPointerEvent<HTMLElement>): void => {
    if (event.button !== 0 || preview === null || !(event.target instanceof Element)) return;
    const from = pointOf(event);
    const index = Number(event.target.closest('[data-region]')?.getAttribute('data-region') ?? Number.NaN);
    const region = regions[index];
    event.currentTarget.setPointerCapture(event.pointerId);
    if (region !== undefined) {
      const grip = event.target.getAttribute('data-grip');
      setPress({ kind: 'drag', from, index, region, grip: gripNamed(grip) ?? 'move' });
      onChoose(index);
    } else if (!full) {
      setPress({ kind: 'draw', from });
    }
  };
  const go = (event: TargetedPointerEvent<HTMLElement>): void => {
    if (press === null) return;
    const to = pointOf(event);
    if (press.kind === 'draw') setDrawn(regionBetween(press.from, to));
    else {
      const { from, grip, index, region } = press;
      onChange(replaceAt(regions, index, dragRegion(region, grip, to.x - from.x, to.y - from.y)));
    }
  };
  const end = (): void => {
    if (press?.kind === 'draw' && drawn !== null) {
      onChange([...regions, drawn]);
      onChoose(regions.length);
    }
    setPress(null);
    setDrawn(null);
  };
  const remove = (index: number): void => {
    onChange(regions.filter((_, at) => at !== index));
    onChoose(null);
  };
  return (
    <section class="live" aria-label="Live picture">
      <div class="live-tools">
        <button
          type="button"
          class="button"
          disabled={full}
          onClick={() => {
            onChange([...regions, suggestRegion(regions.length)]);
            onChoose(regions.length);
          }}
        >
          Add a region
        </button>
        <button
          type="button"
          class="button"
          disabled={chosen === null}
          onClick={() => chosen !== null && remove(chosen)}
        >
          Remove
        </button>
        {regions.length === 0 && (
          <button type="button" class="button" onClick={onFind} disabled={proposal !== null}>
            Find the chat
          </button>
        )}
        <p class="hint">
          {full
            ? `That is all ${regionCapacity} regions.`
            : 'Drag to draw. On a region: arrow keys move, Shift sizes, Ctrl goes by single pixels, Del removes.'}
        </p>
      </div>
      <div class="live-stage" style={{ '--aspect': size.widthPx / size.heightPx }}>
        <div
          class={`live-surface${preview === null ? ' waiting' : ''}${full ? ' full' : ''}`}
          ref={surface}
          onPointerDown={begin}
          onPointerMove={go}
          onPointerUp={end}
          onPointerCancel={end}
        >
          {preview === null ? (
            <p class="live-waiting">Waiting for the picture…</p>
          ) : (
            <img class="live-image" src={preview.picture} alt="What is captured at this moment" draggable={false} />
          )}
          {regions.map((region, index) => (
            <RegionFrame
              key={index}
              index={index}
              region={region}
              picture={size}
              chosen={index === chosen}
              onChoose={() => onChoose(index)}
              onChange={(changed) => onChange(replaceAt(regions, index, changed))}
              onRemove={() => remove(index)}
            />
          ))}
          {proposal !== null && <div class="region proposed" style={regionPlace(proposal)} />}
          {drawn !== null && <div class="region drawing" style={regionPlace(drawn)} />}
        </div>
      </div>
    </section>
  );
}
