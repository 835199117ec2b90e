/**
 * Those who ask to be a contact, newest first, each with what is needed to decide. None of the answers but Accept sends
 * anything.
 */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PeopleState, WaitingRequest } from '../../ipc/index.ts';
import { useNow } from '../screen/use-now.ts';
import { agoText } from './conversations.ts';
import { PersonName, WordList } from './person-parts.tsx';
import type { PeopleView } from './people-view.ts';
import { QuestionLine } from './question-line.tsx';
import { isolated, shownName } from './shown-name.ts';
import { useOrders } from './use-orders.ts';

interface RequestCardProps {
  readonly request: WaitingRequest;
  readonly sameName: boolean;
  readonly nowMs: number;
  readonly onAccepted: () => void;
}

function RequestCard({ request, sameName, nowMs, onAccepted }: RequestCardProps): VNode {
  const order = useOrders();
  const [asked, setAsked] = useState<'never' | 'block' | null>(null);
  const { peer, note, atMs, viaLabel } = request;
  const name = shownName(request.name);
  const accept = async (): Promise<void> => {
    if (
      await order(
        'people.accept',
        { peer },
        `${isolated(name)} is a contact. They see nothing of your log until you say so.`,
      )
    ) {
      onAccepted();
    }
  };
  return (
    <article class="request-card" aria-label={`Request of ${name}`}>
      <h3>
        <PersonName name={request.name} />
      </h3>
      <p class="facts">
        <span>{agoText(atMs, nowMs)}</span>
        {viaLabel !== null && (
          <span>
            by your code <bdi>{shownName(viaLabel, 'without a label')}</bdi>
          </span>
        )}
      </p>
      {sameName && (
        <p class="request-warning">A contact of yours has the same name. This is somebody else, or another device.</p>
      )}
      {note.trim() !== '' && (
        <blockquote class="request-note" dir="auto">
          {note}
        </blockquote>
      )}
      <p class="hint">
        A name can be chosen by anybody. If you want to be sure, let them read these words to you: they see the same.
      </p>
      <WordList words={request.safetyWords} />
      {asked === null ? (
        <div class="detail-actions">
          <button type="button" class="button primary" onClick={() => void accept()}>
            Accept
          </button>
          <button
            type="button"
            class="button"
            title="Forgets the request; if they go on asking it is shown again after a day"
            onClick={() => void order('people.decline', { peer, ever: false })}
          >
            Not now
          </button>
          <button type="button" class="button" onClick={() => setAsked('never')}>
            Never
          </button>
          <button type="button" class="button danger" onClick={() => setAsked('block')}>
            Block
          </button>
        </div>
      ) : (
        <QuestionLine
          label={asked === 'never' ? `Decline ${name} for ever?` : `Block ${name}?`}
          deed={asked === 'never' ? 'Decline for ever' : 'Block'}
          onKeep={() => setAsked(null)}
          onDo={() =>
            void (asked === 'never'
              ? order('people.decline', { peer, ever: true })
              : order('people.block', { peer }, `Blocked ${isolated(name)}. To take it back, see “My code”.`))
          }
        >
          {asked === 'never'
            ? 'Requests of this key are dropped from now on. They are told nothing.'
            : 'Nothing of this key reaches you any more, and nothing of yours goes to it. They are told nothing.'}
        </QuestionLine>
      )}
    </article>
  );
}

/** From so many on, all can be put off at once: somebody may be asking by machine. */
const manyRequests = 5;

function ManyRequests({ people, onView }: RequestsPageProps): VNode | null {
  const order = useOrders();
  const [asked, setAsked] = useState(false);
  const { requests } = people;
  if (requests.length < manyRequests) return null;
  const declineAll = async (): Promise<void> => {
    setAsked(false);
    for (const { peer } of requests) if (!(await order('people.decline', { peer, ever: false }))) return;
  };
  return (
    <div class="many-requests">
      <p class="hint">
        Too many? Revoke the code that they hold, under{' '}
        <button type="button" class="link-button" onClick={() => onView({ kind: 'me' })}>
          My code
        </button>
        .
      </p>
      {asked ? (
        <QuestionLine
          label="Put off all requests?"
          deed={`Not now, all ${requests.length}`}
          onKeep={() => setAsked(false)}
          onDo={() => void declineAll()}
        >
          All of them are forgotten. Who goes on asking is shown again after a day.
        </QuestionLine>
      ) : (
        <button type="button" class="button" onClick={() => setAsked(true)}>
          Not now, all of them…
        </button>
      )}
    </div>
  );
}

interface RequestsPageProps {
  readonly people: PeopleState;
  readonly onView: (view: PeopleView) => void;
}

export function RequestsPage({ people, onView }: RequestsPageProps): VNode {
  const nowMs = useNow(30_000);
  const names = new Set(people.contacts.map((contact) => shownName(contact.name).toLocaleLowerCase()));
  return (
    <section class="people-page" aria-label="Requests">
      <h2>{people.requests.length === 1 ? 'Somebody asks' : `${people.requests.length} people ask`} to be a contact</h2>
      <ManyRequests people={people} onView={onView} />
      {people.requests.map((request) => (
        <RequestCard
          key={request.peer}
          request={request}
          sameName={names.has(shownName(request.name).toLocaleLowerCase())}
          nowMs={nowMs}
          onAccepted={() => {
            if (people.requests.length > 1) return;
            onView({ kind: 'talk', conversation: { kind: 'peer', peer: request.peer } });
          }}
        />
      ))}
    </section>
  );
}
