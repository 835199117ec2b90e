/**
 * Nearby: for two minutes, people on this network who have it on as well see each other by name and may ask.
 */
import type { VNode } from 'preact';
import type { PeopleState } from '../../ipc/index.ts';
import { useNow } from '../screen/use-now.ts';
import { findContact } from './conversations.ts';
import { PersonName, WordList } from './person-parts.tsx';
import { remainingText } from './people-view.ts';
import { isolated, shownName } from './shown-name.ts';
import { useOrders } from './use-orders.ts';

export function NearbyPage({ people }: { readonly people: PeopleState }): VNode {
  const order = useOrders();
  const { untilMs, people: seen } = people.nearby;
  const on = untilMs !== null;
  const nowMs = useNow(on ? 1_000 : 60_000);
  const asked = new Set(people.asked.map(({ peer }) => peer));
  return (
    <section class="people-page" aria-label="Nearby">
      <h2>Nearby</h2>
      <p>
        For two minutes everybody on this network can see your name{' '}
        {people.me.name.trim() !== '' && (
          <>
            (<PersonName name={people.me.name} />)
          </>
        )}{' '}
        and ask you. Turn it on together with the person beside you.
      </p>
      <div class="nearby-switch">
        <button
          type="button"
          class={`button${on ? '' : ' primary'}`}
          aria-pressed={on}
          onClick={() => void order('people.nearby', { on: !on })}
        >
          {on ? 'Turn it off' : 'Turn it on for two minutes'}
        </button>
        {/* Not announced each second: a clock that speaks is in the way. */}
        {on && (
          <span role="timer" aria-live="off">
            {remainingText(untilMs, nowMs)} left
          </span>
        )}
      </div>
      {on && seen.length === 0 && (
        <p class="hint" role="status">
          Nobody yet. They must have it on, too, on the same network.
        </p>
      )}
      <ul class="nearby-list" aria-label="People nearby">
        {seen.map(({ peer, name, safetyWords }) => (
          <li key={peer} class="request-card">
            <h3>
              <PersonName name={name} />
            </h3>
            <p class="hint">Both of you see these words. Compare them before you trust the name.</p>
            <WordList words={safetyWords} />
            {findContact(people, peer) !== null ? (
              <p class="code-right">Is a contact already</p>
            ) : asked.has(peer) ? (
              <p class="code-right">Asked; waits for their answer</p>
            ) : (
              <button
                type="button"
                class="button primary"
                aria-label={`Ask ${shownName(name)}`}
                onClick={() => void order('people.ask-nearby', { peer }, `Asked ${isolated(shownName(name))}.`)}
              >
                Ask
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
