/**
 * What the reader sees in one region: the text mask with the strips outlined on it, each strip's reading with its
 * confidence, and the reader's figures.
 */
import type { VNode } from 'preact';
import type { CapturePreview } from '../../ipc/index.ts';
import { channelColour, channelLabel } from '../screen/channel-look.ts';
import { countText } from '../screen/clock-text.ts';
import { LearnedFont } from './learned-font.tsx';
import { SaveDiagnostics } from './save-diagnostics.tsx';

type Sight = CapturePreview['regions'][number];

interface ReaderSightsProps {
  readonly preview: CapturePreview | null;
  /** Number of regions drawn. */
  readonly regions: number;
  readonly chosen: number | null;
  readonly onChoose: (index: number) => void;
}

const stateWords = { held: 'waiting to be whole', provisional: 'first reading', settled: 'settled' } as const;

function StripList({ sight }: { readonly sight: Sight }): VNode {
  if (sight.strips.length === 0) return <p class="sight-empty">No line of text is seen at this moment.</p>;
  return (
    <ol class="readings">
      {sight.strips.map(({ topPx, state, reading }) => (
        <li key={topPx} class={`reading strip-${state}`}>
          <span class="reading-text" style={{ color: channelColour(reading?.channel ?? 'all') }}>
            {reading === null ? '…' : reading.line}
          </span>
          <span class="reading-facts">
            <span class="reading-state">{stateWords[state]}</span>
            {reading !== null && <span>{channelLabel(reading.channel)}</span>}
            {reading !== null && (
              <span class="reading-sure">
                <meter
                  min={0}
                  max={1}
                  low={0.6}
                  high={0.8}
                  optimum={1}
                  value={reading.confidence}
                  aria-label="Confidence"
                />
                {Math.round(reading.confidence * 100)} %
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Figures({ stats }: { readonly stats: Sight['stats'] }): VNode {
  const figures = [
    ['Frames', stats.frames],
    ['Unchanged', stats.unchanged],
    ['Waiting', stats.waiting],
    ['Reads', stats.reads],
    ['Lines', stats.lines],
    ['Revised', stats.revisions],
  ] as const;
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{countText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function ReaderSights({ preview, regions, chosen, onChoose }: ReaderSightsProps): VNode {
  const at = Math.min(chosen ?? 0, Math.max(0, regions - 1));
  const told = preview?.regions[at];
  // A region that was not read yet has no mask.
  const sight = told === undefined || told.mask === '' ? undefined : told;
  return (
    <section class="sights" aria-label="What the reader sees">
      <div class="sights-head">
        <h2>What the reader sees</h2>
        {regions > 1 && (
          <div class="sight-tabs" role="group" aria-label="Region">
            {Array.from({ length: regions }, (_, index) => (
              <button
                key={index}
                type="button"
                class="button small"
                aria-pressed={index === at}
                aria-label={`Region ${index + 1}`}
                onClick={() => onChoose(index)}
              >
                {index + 1}
              </button>
            ))}
          </div>
        )}
      </div>
      {sight === undefined ? (
        <p class="sight-empty">
          {regions === 0
            ? 'Once a region is drawn, the text that the reader finds in it is shown here.'
            : 'Nothing yet: the first picture of the region is on its way.'}
        </p>
      ) : (
        <>
          <div class="mask" style={{ '--aspect': sight.widthPx / Math.max(1, sight.heightPx) }}>
            <img src={sight.mask} alt="Text that the reader tells from the scene" />
            {sight.strips.map(({ topPx, bottomPx, state }) => (
              <span
                key={topPx}
                class={`strip strip-${state}`}
                aria-hidden="true"
                style={{
                  top: `${(topPx / sight.heightPx) * 100}%`,
                  height: `${((bottomPx - topPx) / sight.heightPx) * 100}%`,
                }}
              />
            ))}
          </div>
          <ul class="legend" aria-hidden="true">
            <li class="strip-held">held</li>
            <li class="strip-provisional">first reading</li>
            <li class="strip-settled">settled</li>
          </ul>
          <StripList sight={sight} />
          <Figures stats={sight.stats} />
          <LearnedFont font={sight.font} />
        </>
      )}
      {regions > 0 && <SaveDiagnostics />}
    </section>
  );
}
