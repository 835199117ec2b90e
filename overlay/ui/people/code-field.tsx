/**
 * The field for somebody's code: as it is typed or pasted, the engine says which groups cannot be right, and they are
 * marked.
 */
import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { CodeError, SafetyWords } from '../../ipc/index.ts';
import { ask } from '../screen/bridge.ts';
import { useDebounced } from '../screen/debounce.ts';
import { useScreen } from '../screen/screen-context.ts';
import { bareCode, codeGroups, groupChars, groupCount, groupsText } from './code-groups.ts';
import { WordList } from './person-parts.tsx';

/** The hand rests this long before the code is looked at. */
const checkPauseMs = 150;

export type CodeCheck =
  | { readonly kind: 'none' }
  | { readonly kind: 'right'; readonly safetyWords: SafetyWords }
  | { readonly kind: 'wrong'; readonly error: CodeError };

interface CodeFieldProps {
  readonly code: string;
  /** What the last request with this code was answered; null: none was sent. */
  readonly refused: CodeError | null;
  readonly onInput: (code: string) => void;
}

/** What the engine says of `code`, a moment after the hand rests. */
function useCodeCheck(code: string): CodeCheck {
  const { bridge } = useScreen();
  const [check, setCheck] = useState<CodeCheck>({ kind: 'none' });
  const latest = useRef(code);
  latest.current = code;
  const look = useDebounced((typed: string) => {
    const load = async (): Promise<void> => {
      const answer = await ask(bridge, 'people.check-code', { code: typed });
      if (latest.current !== typed) return;
      // A check that is not to be had keeps nobody from asking: the request itself is checked, too.
      if (!answer.ok || (!answer.value.ok && answer.value.error.kind === 'io')) setCheck({ kind: 'none' });
      else if (answer.value.ok) setCheck({ kind: 'right', safetyWords: answer.value.value.safetyWords });
      else setCheck({ kind: 'wrong', error: answer.value.error });
    };
    if (bareCode(typed) !== '') void load();
  }, checkPauseMs);
  useEffect(() => {
    setCheck({ kind: 'none' });
    look.call(code);
  }, [code, look]);
  return check;
}

export function CodeField({ code, refused, onInput }: CodeFieldProps): VNode {
  const id = useId();
  const check = useCodeCheck(code);
  const error = refused ?? (check.kind === 'wrong' ? check.error : null);
  const groups = codeGroups(code, error?.groups ?? []);
  const missing = groupCount * groupChars - bareCode(code).length;
  // While it is being typed, that it is not finished is no mistake.
  const mistaken = error !== null && (error.kind !== 'unfinished' || refused !== null || error.groups.length > 0);
  return (
    <div class="code-field">
      <label for={id}>Their code</label>
      <textarea
        id={id}
        class="text-field code-input"
        data-page-focus
        rows={3}
        value={code}
        maxLength={400}
        spellcheck={false}
        autocomplete="off"
        placeholder="12 groups of seven letters and digits"
        aria-describedby={`${id}-state`}
        aria-invalid={mistaken}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {groups.length > 0 && (
        <ol class="code-groups" aria-hidden="true">
          {groups.map(({ place, text, state }) => (
            <li key={place} class={`code-group group-${state}`} title={`Group ${place + 1}`}>
              {text}
            </li>
          ))}
        </ol>
      )}
      <div id={`${id}-state`} role="status" class="code-state">
        {mistaken && (
          <p class="field-problem">
            {error.message}
            {error.groups.length > 0 && ` Look at ${groupsText(error.groups)}.`}
          </p>
        )}
        {!mistaken && code.trim() !== '' && missing > 0 && <p class="hint">{missing} characters are missing.</p>}
        {!mistaken && missing < 0 && <p class="field-problem">{-missing} characters are too many.</p>}
        {check.kind === 'right' && refused === null && (
          <>
            <p class="code-right">The code is right. The words that you both see:</p>
            <WordList words={check.safetyWords} />
          </>
        )}
      </div>
    </div>
  );
}
