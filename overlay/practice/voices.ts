/**
 * What people say in the practice lobby: players, lobbies and sentence moulds. A mould's `{slot}` is filled by the
 * script. Everything here is our own writing; the mixture copies what real chats hold (numbers, links, smileys,
 * accents, shouting, typing errors, long plans), because each of these trips a reader in its own way.
 */

/** Names hold 2 to 16 characters, no space, no colon. */
export const players = [
  'Mia',
  'Kai_99',
  'Brick(DE)',
  'Zoë',
  'xRune7',
  'Hanna',
  'Tomo[VOX]',
  'Old_Greg42',
  'nOOdle',
  'Björn',
  'Captain-Li',
  'Echo3',
  'PixelPaul',
  'Señor_Taco',
  'Wren',
  'ICE.Queen',
] as const;

export const lobbies = [
  'Frostgate 12',
  'Amber Keep 3',
  'Saltmarsh 7',
  'Iron Orchard 21',
  'Quiet Harbour 5',
  'Red Mesa 16',
  'Thornfield 9',
  'North Beacon 30',
] as const;

/** Words for the slots of the moulds. */
export const slots = {
  place: ['the bridge', 'mid', 'the old mill', 'spawn', 'B tower', 'the quarry', 'east gate', 'the docks'],
  item: ['iron ore', 'healing potions', 'oak planks', 'blue crystals', 'flame bows', 'shield scrolls'],
  animal: ['wolf', 'drake', 'boar', 'spider', 'griffin'],
  smiley: [':)', ':D', ';)', ':P', 'xD', '<3', '^^', ':-(', 'o_O'],
  link: [
    'https://example.org/guide/42',
    'example.com/maps?id=318',
    'www.example.net/build-7b',
    'https://wiki.example.org/Frost_Key',
  ],
} as const;

export type SlotName = keyof typeof slots;

/** `{n}` is 2 to 99, `{big}` 100 to 25,000, `{x}` a coordinate, `{clock}` a time of day, `{name}` a player. */
export const short = [
  'hi all {smiley}',
  'gg',
  'gg wp everyone',
  'brb 5 min',
  'thanks!!',
  'lol',
  'ok',
  'who needs a healer?',
  'need {n} more {item}',
  'omw to {place}',
  'careful, {n} of them at {place}',
  'ready?',
  'READY',
  'wait for {name} pls',
  'nice shot {name}!',
  'I have {big} gold, is that enough?',
  'see {link}',
  'meet at {x}, {x}',
  '+1',
  'inv me',
  'can someone open the gate',
  'no idea {smiley}',
  'level {n} finally {smiley}',
  'where r u',
  'lost {n}% hp in one hit...',
  'my ping is {big} ms',
] as const;

export const foreign = [
  'wo seid ihr? ich bin schon über der Brücke',
  'on se retrouve à côté du château, ça marche ?',
  '¿alguien tiene una llave? la mía está rota',
  'schöne Grüße aus Köln {smiley}',
  'déjà vu... encore le même dragon',
  'mañana a las {clock}, ¿vale?',
] as const;

export const long = [
  'if we take {place} first and hold it for {n} seconds the other team has to come to us, then {name} can flank from {place}',
  'selling {n}x {item} for {big} gold each, also trading {item}, whisper me or find me at {place} before {clock}',
  'the boss drops {item} only on hard mode, we tried {n} times yesterday and got it once, so bring food and be patient {smiley}',
  'read this before we start please, it explains the second phase better than I can {link}',
  'does anybody remember the name of the player who carried us last night? I promised them {big} gold and {n} {item}',
] as const;

export const teamTalk = [
  'push {place} now',
  'fall back to {place}',
  '{n} enemies near {place}',
  'cover me, reloading',
  'I take left, {name} goes right',
  'enemy flag at {x} / {x}',
  'need backup at {place}!!',
  'save your ult for round {n}',
] as const;

export const guildTalk = [
  'raid tonight at {clock}, {n} spots left',
  'guild bank has {big} gold',
  'welcome to the guild {name} {smiley}',
  'who took the {item}?',
  'vote for the new banner on {link}',
  'I will be away until {clock}',
] as const;

export const whispers = [
  'hey, do you still have the {item}?',
  'can you invite me to your party',
  'I will pay {big} for it',
  'the code is {big}, tell nobody {smiley}',
  'was that you at {place}?',
] as const;

export const announcements = [
  'Match starts in {n} seconds.',
  '{name} joined the party.',
  '{name} left the party.',
  '{name} has slain a level {n} {animal}.',
  'Server restart at {clock}.',
  'You received {n} {item}.',
  'Round {n} of 99 has begun.',
] as const;
