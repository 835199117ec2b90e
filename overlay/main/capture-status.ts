/** From the states of the parts to the one state that the screen shows. Pure. */
import type { CaptureStatus } from '../ipc/index.ts';

type ReaderState = Extract<CaptureStatus, { kind: 'running' }>['reader'];

/** What is known of the way from the game's window to its lines. */
export interface CaptureParts {
  readonly hasTarget: boolean;
  readonly regions: number;
  readonly running: boolean;
  /** A sentence where reading was given up or the stream is refused; null while it works or is tried. */
  readonly failure: string | null;
  readonly stream: 'starting' | 'live' | 'no-frames';
  /** Regions that hold too few pixels of the captured picture, with their size. */
  readonly tooSmall: { readonly widthPx: number; readonly heightPx: number } | null;
  /** By region. */
  readonly readers: readonly ReaderState[];
}

/** The state that the user must know of first comes first. */
const urgency: readonly ReaderState['kind'][] = [
  'engine-failed',
  'region-too-small',
  'no-frames',
  'black',
  'starting',
  'no-text',
  'reading',
];

export function captureStatus(parts: CaptureParts): CaptureStatus {
  const { hasTarget, regions, running, failure, stream, tooSmall, readers } = parts;
  if (!hasTarget || regions === 0) return { kind: 'idle' };
  if (!running) return { kind: 'paused' };
  if (failure !== null) return { kind: 'failed', message: failure };
  const states: ReaderState[] = [...readers];
  if (tooSmall !== null) states.push({ kind: 'region-too-small', ...tooSmall });
  if (stream === 'no-frames') states.push({ kind: 'no-frames' });
  if (stream === 'starting' || readers.length === 0) states.push({ kind: 'starting' });
  const [first] = states.sort((a, b) => urgency.indexOf(a.kind) - urgency.indexOf(b.kind));
  return { kind: 'running', reader: first ?? { kind: 'starting' } };
}
