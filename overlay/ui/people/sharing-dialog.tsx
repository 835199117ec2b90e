/**
 * What one contact may see of this log, chosen and saved as one; beside it what they let this user see, and what was
 * sent so far.
 */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Contact, Scope } from '../../ipc/index.ts';
import { ModalDialog } from '../panel/modal-dialog.tsx';
import { ask } from '../screen/bridge.ts';
import { countedText, dayText, isoDay, timeText } from '../screen/clock-text.ts';
import { useScreen } from '../screen/screen-context.ts';
import { NameChoice } from './name-choice.tsx';
import { PersonName } from './person-parts.tsx';
import {
  dayFieldMs,
  finishScope,
  isSameScope,
  knownChannels,
  scopeProblem,
  scopeText,
  sharesWhispers,
} from './scope-draft.ts';
import { isolated, shownName } from './shown-name.ts';
import { useOrders } from './use-orders.ts';

interface SharingDialogProps {
  readonly contact: Contact;
  readonly onClose: () => void;
}

const kinds = [
  ['none', 'Nothing', 'They see no line of yours.'],
  ['live', 'New lines', 'Lines as you read them, from now on.'],
  ['history', 'New and kept lines', 'Also what you kept before.'],
] as const satisfies readonly (readonly [Scope['share'], string, string])[];

/** Games of the log, each once; empty while they are not known. */
function useGames(): readonly string[] {
  const { bridge } = useScreen();
  const [games, setGames] = useState<readonly string[]>([]);
  useEffect(() => {
    const load = async (): Promise<void> => {
      const answer = await ask(bridge, 'log.sessions', null);
      if (answer.ok) setGames([...new Set(answer.value.map(({ game }) => game))].sort((a, b) => a.localeCompare(b)));
    };
    void load();
  }, [bridge]);
  return games;
}

function Facts({ contact }: { readonly contact: Contact }): VNode {
  const { audit, scopeTheirs } = contact;
  return (
    <dl class="sharing-facts">
      <dt>They let you see</dt>
      <dd>{scopeTheirs === null ? 'not told yet' : scopeText(scopeTheirs)}</dd>
      <dt>Sent to them so far</dt>
      <dd>
        {audit === null || audit.lines === 0
          ? 'no line'
          : `${countedText(audit.lines, 'line')}, the last on ${dayText(audit.lastMs)}, ${timeText(audit.lastMs)}`}
      </dd>
    </dl>
  );
}

export function SharingDialog({ contact, onClose }: SharingDialogProps): VNode {
  const order = useOrders();
  const games = useGames();
  const [draft, setDraft] = useState<Scope>(contact.scopeMine);
  const [saving, setSaving] = useState(false);
  const name = shownName(contact.name);
  const change = (part: Partial<Scope>): void => setDraft({ ...draft, ...part });
  const problem = scopeProblem(draft);
  const changed = !isSameScope(draft, contact.scopeMine);
  const save = async (): Promise<void> => {
    const scope = finishScope(draft);
    setSaving(true);
    const done = await order(
      'people.scope',
      { peer: contact.peer, scope },
      `${isolated(name)} sees ${scopeText(scope)}.`,
    );
    setSaving(false);
    if (done) onClose();
  };
  return (
    <ModalDialog
      wide
      title={
        <>
          What <PersonName name={contact.name} /> may see of your log
        </>
      }
      onClose={onClose}
    >
      <form
        class="sharing"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === null && changed && !saving) void save();
        }}
      >
        <div class="sharing-kinds" role="radiogroup" aria-label="What they may see">
          {kinds.map(([share, title, hint]) => (
            <label key={share} class={`sharing-kind${draft.share === share ? ' chosen' : ''}`}>
              <input
                type="radio"
                name="share"
                checked={draft.share === share}
                {...(draft.share === share ? { 'data-dialog-focus': '' } : {})}
                onChange={() => change({ share })}
              />
              <span>
                <b>{title}</b>
                <span class="hint">{hint}</span>
              </span>
            </label>
          ))}
        </div>
        {draft.share === 'history' && (
          <label class="sharing-since">
            Kept lines since
            <input
              type="date"
              class="text-field"
              value={draft.sinceMs === null ? '' : isoDay(draft.sinceMs)}
              onChange={(event) => change({ sinceMs: dayFieldMs(event.currentTarget.value) })}
            />
            <span class="hint">Empty: all of them.</span>
          </label>
        )}
        {draft.share !== 'none' && (
          <>
            <NameChoice
              title="Games"
              all="All games, also those to come"
              offered={games}
              chosen={draft.games}
              onChange={(chosen) => change({ games: chosen })}
            />
            <NameChoice
              title="Channels"
              all="All channels"
              offered={knownChannels}
              chosen={draft.channels}
              longestName={100}
              onChange={(chosen) => change({ channels: chosen })}
            />
            {sharesWhispers(draft) && (
              <p class="request-warning">This includes what others whisper to you in the game.</p>
            )}
          </>
        )}
        {problem !== null && (
          <p class="field-problem" role="alert">
            {problem}
          </p>
        )}
        <Facts contact={contact} />
        <p class="hint">It holds at once. What was sent already cannot be taken back.</p>
        <div class="modal-actions">
          <button type="button" class="button" onClick={onClose}>
            {changed ? 'Cancel' : 'Close'}
          </button>
          <button type="submit" class="button primary" disabled={problem !== null || !changed || saving}>
            Save
          </button>
        </div>
      </form>
    </ModalDialog>
  );
}
