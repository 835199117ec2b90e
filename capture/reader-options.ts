/** What a reader is given: the game's profile, an engine, what is known from before, and who is told. */
import type { ReaderWatch } from './diagnostics/index.ts';
import type { KnownLine, ReaderEvent, StripPicture } from './events.ts';
import type { LeadColumn } from './image/lead.ts';
import type { FusedStrip } from './image/recipe.ts';
import type { Learner, OcrEngine } from './ocr/engine.ts';
import type { Profile } from './parse/profile-schema.ts';

/** Who reads lines; what such an engine learns, if it does, is used for lines that were told before, too. */
export type ReadingSource = Pick<OcrEngine, 'read'> & Partial<Learner>;

export interface ReaderOptions {
  readonly profile: Profile;
  readonly engine: ReadingSource;
  /** Lines that are kept already and may still be on screen, oldest first. */
  readonly known?: readonly KnownLine[];
  /** Makes the picture that is kept with a line; without it lines carry none. */
  readonly encode?: (rows: readonly FusedStrip[]) => Promise<StripPicture | null>;
  /** What is known of icons before the lines of the game, and learned of them; nothing before where absent. */
  readonly lead?: LeadColumn;
  /** Prefix of the keys of this run's lines; must differ between runs of one session. */
  readonly run?: string;
  readonly emit: (event: ReaderEvent) => void;
  /** Is shown what each stage made of a frame. */
  readonly watch?: ReaderWatch;
}
