/**
 * The tokens: one a code, each with its label, how many may ask with it and until when; and another one to be made.
 */
import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { PeopleState, Token } from '../../ipc/index.ts';
import { MAX_NAME_BYTES, MAX_TOKENS } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';
import { useNow } from '../screen/use-now.ts';
import { cutToBytes } from './byte-count.ts';
import { QuestionLine } from './question-line.tsx';
import { shownName } from './shown-name.ts';
import { lifetimes, standingOf, tokenText } from './token-text.ts';
import { useOrders } from './use-orders.ts';

interface TokenListProps {
  readonly me: PeopleState['me'];
  /** The code that is shown above. */
  readonly shown: string;
  readonly onShow: (code: string) => void;
}

/** Requests that a token lets through unless something else is said, as in the specification. */
const usualQuota = 32;
const largestQuota = 1_000;

function TokenRow({
  token,
  shown,
  nowMs,
  onShow,
}: {
  token: Token;
  shown: boolean;
  nowMs: number;
  onShow: () => void;
}) {
  const order = useOrders();
  const [asked, setAsked] = useState(false);
  const label = shownName(token.label, 'Without a label');
  return (
    <li class={`token standing-${standingOf(token, nowMs)}`}>
      <span class="token-label">
        <bdi>{label}</bdi>
      </span>
      <span class="hint token-facts">{tokenText(token, nowMs)}</span>
      {asked ? (
        <QuestionLine
          label={`Revoke ${label}?`}
          deed="Revoke"
          onKeep={() => setAsked(false)}
          onDo={() => void order('people.token-revoke', { id: token.id }, `Revoked ${label}.`)}
        >
          Whoever holds this code cannot ask with it any more. Your contacts stay.
        </QuestionLine>
      ) : (
        <span class="token-actions">
          <button type="button" class="button small" aria-pressed={shown} onClick={onShow}>
            {shown ? 'Shown' : 'Show'}
          </button>
          <button
            type="button"
            class="button small danger"
            aria-label={`Revoke ${label}`}
            onClick={() => setAsked(true)}
          >
            Revoke
          </button>
        </span>
      )}
    </li>
  );
}

function TokenForm({ onMade }: { readonly onMade: (code: string) => void }): VNode {
  const { send, tell } = useScreen();
  const id = useId();
  const [label, setLabel] = useState('');
  const [quota, setQuota] = useState(usualQuota);
  const [lifetime, setLifetime] = useState(0);
  const make = async (): Promise<void> => {
    const durationMs = lifetimes[lifetime]?.durationMs ?? null;
    const expiresMs = durationMs === null ? null : Date.now() + durationMs;
    const answer = await send('people.token-make', { label, quota, expiresMs });
    if (!answer.ok) return;
    if (!answer.value.ok) return tell(answer.value.error.message, 'error');
    setLabel('');
    onMade(answer.value.value.code);
    tell('Made another code; it is shown above.');
  };
  const fits = Number.isInteger(quota) && quota >= 1 && quota <= largestQuota;
  return (
    <form
      class="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) void make();
      }}
    >
      <label for={`${id}-label`}>
        Label, for you alone
        <input
          id={`${id}-label`}
          class="text-field"
          type="text"
          value={label}
          placeholder="Friday group"
          onInput={(event) => setLabel(cutToBytes(event.currentTarget.value, MAX_NAME_BYTES))}
        />
      </label>
      <label for={`${id}-quota`}>
        People who may ask
        <input
          id={`${id}-quota`}
          class="text-field"
          type="number"
          min={1}
          max={largestQuota}
          value={Number.isNaN(quota) ? '' : quota}
          aria-invalid={!fits}
          onInput={(event) => setQuota(event.currentTarget.valueAsNumber)}
        />
      </label>
      <label for={`${id}-lifetime`}>
        It counts
        <select
          id={`${id}-lifetime`}
          value={lifetime}
          onChange={(event) => setLifetime(Number(event.currentTarget.value))}
        >
          {lifetimes.map(({ title }, index) => (
            <option key={title} value={index}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="button" disabled={!fits}>
        Make another code
      </button>
    </form>
  );
}

export function TokenList({ me, shown, onShow }: TokenListProps): VNode {
  const nowMs = useNow(10_000);
  return (
    <section class="people-group" aria-labelledby="tokens-title">
      <h3 id="tokens-title">Codes in use</h3>
      <ul class="token-list">
        {me.tokens.map((token) => (
          <TokenRow
            key={token.id}
            token={token}
            shown={token.code === shown}
            nowMs={nowMs}
            onShow={() => onShow(token.code)}
          />
        ))}
      </ul>
      {me.tokens.length === 0 && <p class="hint">There is none: nobody can ask you. Make one to be found again.</p>}
      {me.tokens.length >= MAX_TOKENS ? (
        <p class="hint">{MAX_TOKENS} codes are all there can be. Revoke one to make another.</p>
      ) : (
        <TokenForm onMade={onShow} />
      )}
    </section>
  );
}
