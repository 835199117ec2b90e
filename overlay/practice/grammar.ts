/**
 * How the practice lobby writes its chat: channels, drawn forms and colours. The reader's profile `practice`
 * (assets/profiles) describes the same forms from the other side; nothing but pixels joins the two.
 */

export const channels = ['all', 'team', 'guild', 'whisper', 'system'] as const;
export type Channel = (typeof channels)[number];

/** A stretch of one colour, `#rrggbb`. */
export interface Run {
  readonly text: string;
  readonly colour: string;
}

/** One chat line as it is drawn: `line` is the runs put together. */
export interface ChatLine {
  readonly line: string;
  /** Null for system lines. */
  readonly speaker: string | null;
  /** The line without channel mark and speaker. */
  readonly text: string;
  readonly channel: Channel;
  readonly runs: readonly Run[];
}

export const channelColours = {
  all: '#f4f4f4',
  team: '#79c8ff',
  guild: '#7ce38b',
  whisper: '#ff9df2',
  system: '#ffe066',
} as const satisfies Record<Channel, string>;

/** Colours of names in the open channel; a player keeps theirs. */
export const nameColours = ['#ffd479', '#ff9e80', '#9be7ff', '#c5b3ff', '#a8f0a0', '#ffb3d1'] as const;

const marks = { team: '[Team] ', guild: '[Guild] ', whisper: 'From ' } as const;

/**
 * A line that a player says.
 * @param speaker 2 to 16 characters, no space, no colon.
 * @param nameColour used in the open channel only; elsewhere the whole line has the channel's colour.
 */
export function composeSpeech(
  channel: Exclude<Channel, 'system'>,
  speaker: string,
  text: string,
  nameColour: string,
): ChatLine {
  if (channel === 'all') {
    const runs = [
      { text: `${speaker}:`, colour: nameColour },
      { text: ` ${text}`, colour: channelColours.all },
    ];
    return { line: `${speaker}: ${text}`, speaker, text, channel, runs };
  }
  const line = `${marks[channel]}${speaker}: ${text}`;
  return { line, speaker, text, channel, runs: [{ text: line, colour: channelColours[channel] }] };
}

/** A line of the game itself. The sentence holds no colon followed by a space, so that it is never taken for speech. */
export function composeSystem(sentence: string): ChatLine {
  return {
    line: sentence,
    speaker: null,
    text: sentence,
    channel: 'system',
    runs: [{ text: sentence, colour: channelColours.system }],
  };
}

/** The line that a lobby begins with. */
export function composeJoined(lobby: string): ChatLine {
  return composeSystem(`Joined lobby ${lobby}`);
}
