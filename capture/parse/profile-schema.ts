/**
 * The shape of a profile file. `assets/profiles/profile.schema.json` is made of it (`spec/profile-json-schema.ts`), and
 * `assets/profiles/README.md` tells how to write one; whoever adds a field adds it there. Only the checks of regular
 * expressions and those across fields cannot be said in JSON Schema.
 */
import * as v from 'valibot';
import { isQuick } from './pattern-cost.ts';

const SLOW_PATTERN =
  'Expected a regular expression that fails fast on every line: begin it with ^ and bound what repeats, as in [^:]{1,24}';

const pattern = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(500),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    if (!isPattern(dataset.value)) addIssue({ message: 'Expected a regular expression' });
    else if (!isQuick(dataset.value)) addIssue({ message: SLOW_PATTERN });
  }),
);
const patterns = v.pipe(
  v.union([pattern, v.pipe(v.array(pattern), v.minLength(1), v.maxLength(12))]),
  v.description('A regular expression (JavaScript, flag u), or a list of them: one line in several languages.'),
);
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const lineText = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
const colour = v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/));
const hue = v.pipe(v.number(), v.minValue(0), v.maxValue(360));

const windowSchema = v.strictObject({
  title: v.pipe(v.optional(pattern), v.description('Matches the title; letter case does not count.')),
  process: v.pipe(
    v.optional(pattern),
    v.description('Matches the name of the executable; letter case does not count.'),
  ),
});

const formSchema = v.pipe(
  v.strictObject({
    pattern: patterns,
    channel: v.pipe(
      shortText,
      v.description('What the line is said in: all, team, party, guild, whisper, system, ...'),
    ),
    byColour: v.optional(
      v.pipe(v.boolean(), v.description('The colours of the line tell the channel where one of `colours` fits.')),
    ),
    own: v.optional(v.pipe(v.boolean(), v.description('The game draws only what the user said in this form.'))),
    event: v.optional(
      v.pipe(v.picklist(['joins', 'leaves']), v.description('The group `who` comes to the lobby, or leaves it.')),
    ),
  }),
  v.check(
    (form) => form.event === undefined || [form.pattern].flat().every((source) => source.includes('(?<who>')),
    'Expected the group (?<who>...) in the pattern of a line with an event',
  ),
);

const colourRuleSchema = v.pipe(
  v.strictObject({
    channel: shortText,
    near: v.optional(v.pipe(colour, v.description('A colour, #rrggbb.'))),
    within: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(0),
        v.maxValue(255),
        v.description('By how much red, green and blue may each differ from `near`.'),
      ),
      48,
    ),
    hue: v.optional(
      v.pipe(v.strictTuple([hue, hue]), v.description('From and to, degrees clockwise; greys have no hue.')),
    ),
    run: v.optional(
      v.pipe(
        v.picklist(['first', 'last', 'any']),
        v.description('Which stretch of one colour counts, left to right: names often have one of their own.'),
      ),
      'any',
    ),
  }),
  v.check((rule) => (rule.near === undefined) !== (rule.hue === undefined), 'Expected either near or hue'),
);

const exampleSchema = v.strictObject({
  line: v.pipe(lineText, v.description('The whole line as the game draws it.')),
  colours: v.optional(v.pipe(v.array(colour), v.maxLength(8), v.description('Its colours, left to right.'))),
  speaker: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  channel: shortText,
  text: v.pipe(v.string(), v.maxLength(1000)),
  own: v.optional(v.boolean()),
  joins: v.optional(shortText),
  leaves: v.optional(shortText),
  lobby: v.optional(
    v.pipe(v.nullable(shortText), v.description('The lobby that the line opens, null without a name.')),
  ),
});

/** Bounds are generous; what they refuse is no profile of a chat. */
export const profileSchema = v.strictObject({
  $schema: v.optional(v.pipe(v.string(), v.description('Lets an editor check the file while it is written.'))),
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]{1,40}$/),
    v.description('The name of the file without `.json`: small letters, digits and -.'),
  ),
  title: v.pipe(shortText, v.description('The game; the log keeps its lines under this name.')),
  source: v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(500),
    v.description('Where the format of the chat is documented, or who looked at it.'),
  ),
  windows: v.optional(
    v.pipe(v.array(windowSchema), v.maxLength(20), v.description('Windows of the game: all of one entry must fit.')),
    [],
  ),
  polarity: v.optional(
    v.pipe(v.picklist(['light', 'dark']), v.description('Whether letters are lighter or darker than what is behind.')),
    'light',
  ),
  languages: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[a-z]{3}(?:_[a-z]+)*$/))),
      v.maxLength(4),
      v.description('Languages in which the chat is read besides the user\'s, as Tesseract names them: "deu".'),
    ),
    [],
  ),
  stamp: v.optional(
    v.pipe(pattern, v.description('The time before a line; it stays in the line and is left out of the text.')),
  ),
  lines: v.pipe(
    v.array(formSchema),
    v.minLength(1),
    v.maxLength(50),
    v.description('The forms of a line; the first that matches counts. Groups: speaker, text, who.'),
  ),
  colours: v.optional(
    v.pipe(
      v.array(colourRuleSchema),
      v.maxLength(20),
      v.description('Channels by colour; the first that fits counts.'),
    ),
    [],
  ),
  decorations: v.optional(
    v.pipe(
      v.strictObject({
        before: v.optional(v.pipe(v.array(pattern), v.maxLength(20)), []),
        after: v.optional(v.pipe(v.array(pattern), v.maxLength(20)), []),
      }),
      v.description('What stands before or after a name and is no part of it: ranks, levels, clan tags.'),
    ),
    { before: [], after: [] },
  ),
  lobby: v.optional(
    v.pipe(
      v.array(v.strictObject({ pattern: patterns })),
      v.maxLength(20),
      v.description('Lines that open another lobby; the group `lobby` names it.'),
    ),
    [],
  ),
  otherwise: v.optional(v.pipe(shortText, v.description('The channel of lines that fit no form.')), 'system'),
  examples: v.optional(
    v.pipe(v.array(exampleSchema), v.maxLength(100), v.description('Lines, and what is to be made of them.')),
    [],
  ),
});

export type Profile = v.InferOutput<typeof profileSchema>;
export type ProfileExample = Profile['examples'][number];
export type ColourRule = Profile['colours'][number];

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').source.length > 0;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
