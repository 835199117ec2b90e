/**
 * Small parts of which people are drawn: a name with its direction isolated, the dot and the word of a connection, the
 * safety words.
 */
import type { VNode } from 'preact';
import type { ConnectionState, SafetyWords } from '../../ipc/index.ts';
import { shownName } from './shown-name.ts';

/** A name that somebody else chose: its direction does not touch what stands around it. */
export function PersonName({ name }: { readonly name: string }): VNode {
  return <bdi class="person">{shownName(name)}</bdi>;
}

/** The sign of a connection; the word stands beside it wherever it is drawn. */
export function LinkDot({ state }: { readonly state: ConnectionState }): VNode {
  return <span class={`link-dot link-${state}`} aria-hidden="true" />;
}

/** The six words, numbered, to be read aloud. */
export function WordList({ words, large = false }: { readonly words: SafetyWords; readonly large?: boolean }): VNode {
  return (
    <ol class={`safety-words${large ? ' large' : ''}`} aria-label="Safety words">
      {words.map((word, index) => (
        <li key={`${index} ${word}`}>{word}</li>
      ))}
    </ol>
  );
}

/** How many are unread, or wait in another way, as a badge. */
export function CountBadge({ count, what }: { readonly count: number; readonly what: string }): VNode | null {
  if (count === 0) return null;
  return (
    <span class="count-badge" role="img" aria-label={`${count} ${what}`}>
      {count > 99 ? '99+' : count}
    </span>
  );
}
