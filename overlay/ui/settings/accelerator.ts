/**
 * Shortcuts: from a pressed key to Electron's accelerator and from that to words for the user.
 * Names of keys: https://www.electronjs.org/docs/latest/api/accelerator
 */

/** The part of a KeyboardEvent that makes a shortcut. */
export interface PressedKey {
  readonly key: string;
  /** Physical key, so that Shift+1 is `1` on every layout. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

export type Recorded =
  | { readonly kind: 'accepted'; readonly accelerator: string }
  /** Only modifiers are down: wait for more. */
  | { readonly kind: 'incomplete'; readonly held: string }
  | { readonly kind: 'refused'; readonly reason: string };

const modifierKeys: ReadonlySet<string> = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'OS']);

const namedKeys: Readonly<Record<string, string>> = {
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Space: 'Space',
  Tab: 'Tab',
  Backspace: 'Backspace',
  Delete: 'Delete',
  Insert: 'Insert',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Enter: 'Enter',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Semicolon: ';',
  Quote: "'",
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Backquote: '`',
  NumpadAdd: 'numadd',
  NumpadSubtract: 'numsub',
  NumpadMultiply: 'nummult',
  NumpadDivide: 'numdiv',
  NumpadDecimal: 'numdec',
};

function keyName(code: string, key: string): string | null {
  if (/^Key[A-Z]$/.test(code)) {
    // The letter that the layout gives, where it is one: A is left of S on one keyboard and right of Tab on another.
    return /^[a-z]$/i.test(key) ? key.toUpperCase() : code.slice(3);
  }
  if (/^Digit\d$/.test(code)) return code.slice(5);
  if (/^Numpad\d$/.test(code)) return `num${code.slice(6)}`;
  if (/^F([1-9]|1\d|2[0-4])$/.test(code)) return code;
  return namedKeys[code] ?? null;
}

/** What a pressed key records. A key alone is refused, except F1 to F24, since it would be taken from the game. */
export function recordKey(pressed: PressedKey, mac: boolean): Recorded {
  const parts: string[] = [];
  if (mac ? pressed.metaKey : pressed.ctrlKey) parts.push('CommandOrControl');
  if (mac && pressed.ctrlKey) parts.push('Control');
  if (pressed.altKey) parts.push('Alt');
  if (pressed.shiftKey) parts.push('Shift');
  if (!mac && pressed.metaKey) parts.push('Super');
  if (modifierKeys.has(pressed.key)) return { kind: 'incomplete', held: acceleratorText(parts.join('+'), mac) };
  const name = keyName(pressed.code, pressed.key);
  if (name === null)
    return { kind: 'refused', reason: 'That key cannot be part of a shortcut. Try a letter or F1 to F12.' };
  const strong = parts.some((part) => part !== 'Shift');
  if (!strong && !/^F\d/.test(name)) {
    return { kind: 'refused', reason: 'Add Ctrl or Alt: a key alone would be taken from the game.' };
  }
  return { kind: 'accepted', accelerator: [...parts, name].join('+') };
}

const wordsElsewhere: Readonly<Record<string, string>> = {
  CommandOrControl: 'Ctrl',
  CmdOrCtrl: 'Ctrl',
  Control: 'Ctrl',
  Super: 'Win',
  Meta: 'Win',
};
const wordsOnMac: Readonly<Record<string, string>> = {
  CommandOrControl: '⌘',
  CmdOrCtrl: '⌘',
  Command: '⌘',
  Control: '⌃',
  Alt: '⌥',
  Option: '⌥',
  Shift: '⇧',
};

/** The keys of an accelerator as the user knows them: `['Ctrl', 'Shift', 'L']`. */
export function acceleratorKeys(accelerator: string, mac: boolean): readonly string[] {
  if (accelerator === '') return [];
  const words = mac ? wordsOnMac : wordsElsewhere;
  // A plus key is written `Plus`, so splitting at + is safe.
  return accelerator.split('+').map((part) => words[part] ?? part);
}

/** The accelerator in one string: `Ctrl+Shift+L`, on a Mac `⌘⇧L`. */
export function acceleratorText(accelerator: string, mac: boolean): string {
  return acceleratorKeys(accelerator, mac).join(mac ? '' : '+');
}

/** Which other action of ours holds the accelerator already, or null. */
export function takenBy(
  shortcuts: Readonly<Record<string, string>>,
  action: string,
  accelerator: string,
): string | null {
  const found = Object.entries(shortcuts).find(([other, held]) => other !== action && held === accelerator);
  return found?.[0] ?? null;
}
