/**
 * The People panel: on the left who there is and who asks, on the right one page of it. It shows what the engine said
 * last; nothing is changed here but by command.
 */
import type { VNode } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { PeopleState } from '../../ipc/index.ts';
import { useScreen } from '../screen/screen-context.ts';
import { AddSomeone } from './add-someone.tsx';
import { Backup } from './backup.tsx';
import { ConversationView } from './conversation-view.tsx';
import { MyCode } from './my-code.tsx';
import { NearbyPage } from './nearby-page.tsx';
import { PeopleSide } from './people-side.tsx';
import { viewFor, viewKey } from './people-view.ts';
import type { PeopleView } from './people-view.ts';
import { readPeople } from './read-people.ts';
import { RequestsPage } from './requests-page.tsx';
import { RoomForm } from './room-form.tsx';

/** Under this width the list and the page take turns; as in `people.css`. */
const narrow = '(width < 680px)';

interface PageProps {
  readonly people: PeopleState;
  readonly view: PeopleView;
  readonly onView: (view: PeopleView | null) => void;
}

function Page({ people, view, onView }: PageProps): VNode {
  switch (view.kind) {
    case 'requests':
      return <RequestsPage people={people} onView={onView} />;
    case 'talk':
      return <ConversationView key={viewKey(view)} people={people} conversation={view.conversation} />;
    case 'add':
      return <AddSomeone people={people} onView={onView} />;
    case 'me':
      return <MyCode people={people} />;
    case 'nearby':
      return <NearbyPage people={people} />;
    case 'room':
      return <RoomForm people={people} onView={onView} />;
  }
}

export function PeoplePanel(): VNode {
  const { bridge, model, dispatch } = useScreen();
  const chosen = model.peopleView;
  const load = useCallback(
    async () => dispatch({ kind: 'people', people: await readPeople(bridge) }),
    [bridge, dispatch],
  );
  useEffect(() => void load(), [load]);

  const people = model.people.kind === 'known' ? model.people.state : null;
  const view = useMemo(() => (people === null ? null : viewFor(people, chosen)), [people, chosen]);
  useLayoutEffect(() => {
    // The page stays the one that was found first: what arrives later must not change it under the user's hands.
    if (view === null || (chosen !== null && viewKey(view) === viewKey(chosen))) return;
    const wanted = window.matchMedia(narrow).matches ? null : view;
    if (wanted !== chosen) dispatch({ kind: 'people-view', view: wanted });
  }, [view, chosen, dispatch]);

  if (model.people.kind === 'loading') {
    return (
      <div class="empty" role="status">
        <p>Asking who is there…</p>
      </div>
    );
  }
  if (people === null || view === null) {
    return (
      <div class="empty" role="alert">
        <h2>People cannot be shown</h2>
        <p>{model.people.kind === 'failed' ? model.people.message : ''}</p>
        <button
          type="button"
          class="button"
          data-first-focus
          onClick={() => {
            dispatch({ kind: 'people', people: { kind: 'loading' } });
            void load();
          }}
        >
          Try again
        </button>
        <Backup />
      </div>
    );
  }
  const onView = (next: PeopleView | null): void => dispatch({ kind: 'people-view', view: next });
  return (
    <div class={`people${chosen === null ? '' : ' chosen'}`}>
      <PeopleSide people={people} view={view} onView={onView} />
      <div class="people-main">
        <button type="button" class="button people-back" onClick={() => onView(null)}>
          ← Everybody
        </button>
        {/* None while the list has the whole width: what nobody sees must neither scroll nor count as shown. */}
        {chosen !== null && <Page people={people} view={view} onView={onView} />}
      </div>
    </div>
  );
}
