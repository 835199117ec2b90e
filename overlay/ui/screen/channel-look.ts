/**
 * The colour and the short word of a channel. Known channels have a fixed colour; any other gets one of six by its name,
 * the same in every run. Every colour keeps 4.5:1 on the HUD's panel over white and over black (proved by a test).
 */

/** Text colours by channel, `#rrggbb`. */
export const channelColours = {
  all: '#f2f4f8',
  say: '#f2f4f8',
  team: '#7cc9ff',
  party: '#8fb8ff',
  guild: '#80e596',
  clan: '#80e596',
  whisper: '#ff9df2',
  private: '#ff9df2',
  system: '#ffe066',
  server: '#ffe066',
} as const satisfies Record<string, string>;

/** Colours for channels that a profile names itself. */
export const otherColours = ['#ffb86b', '#7de3d8', '#d3b6ff', '#c9e27a', '#ffa6a6', '#9fd0ff'] as const;

function isKnown(channel: string): channel is keyof typeof channelColours {
  return Object.hasOwn(channelColours, channel);
}

/** Colour of a channel's text, `#rrggbb`. */
export function channelColour(channel: string): string {
  const name = channel.toLowerCase();
  if (isKnown(name)) return channelColours[name];
  let sum = 0;
  for (let at = 0; at < name.length; at += 1) sum = (sum * 31 + name.charCodeAt(at)) >>> 0;
  return otherColours[sum % otherColours.length] ?? otherColours[0];
}

/** The channel as a label: `Team`; `all` has none on the HUD because it is the normal case. */
export function channelLabel(channel: string): string {
  return channel.length === 0 ? 'All' : channel.charAt(0).toUpperCase() + channel.slice(1);
}

/** A reading under this confidence (0 to 1) is marked as doubtful. */
export const doubtfulBelow = 0.6;
