/**
 * What people say, on the HUD: messages to the user, one line about requests, one about what was not sent. A message
 * counts as shown when it stood there whole for a moment while the user could see it.
 */
import type { TargetedAnimationEvent, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Message } from '../../ipc/index.ts';
import { conversationOf, nameOfPeer, titleOf } from '../people/conversations.ts';
import { useShown } from '../people/use-shown.ts';
import { peopleOf } from '../screen/model.ts';
import { useScreen } from '../screen/screen-context.ts';
import { acceleratorText } from '../settings/accelerator.ts';
import { requestText } from './hud-talk.ts';

/** A message that a flood pushes away before this was shown to nobody. */
const seenAfterMs = 1_000;
/** Rows are two px higher than their text at most by rounding; more means that text is cut. */
const roundingPx = 2;

function onFade(then: () => void): (event: TargetedAnimationEvent<HTMLElement>) => void {
  return (event) => {
    if (event.animationName === 'hud-fade') then();
  };
}

interface MessageRowProps {
  readonly message: Message;
  readonly seeing: boolean;
  readonly onSeen: (id: string) => void;
  readonly onFaded: () => void;
}

function MessageRow({ message, seeing, onSeen, onFaded }: MessageRowProps): VNode {
  const { model } = useScreen();
  const text = useRef<HTMLSpanElement>(null);
  const people = peopleOf(model);
  const conversation = conversationOf(message);
  useEffect(() => {
    if (!seeing) return undefined;
    const timer = setTimeout(() => {
      const element = text.current;
      if (element !== null && element.scrollHeight <= element.clientHeight + roundingPx) onSeen(message.id);
    }, seenAfterMs);
    return () => clearTimeout(timer);
  }, [seeing, message.id, onSeen]);
  return (
    <li class="hud-line hud-message" onAnimationEnd={onFade(onFaded)}>
      <svg class="hud-sign" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M1.5 3h13v9h-13zM1.5 3.5l6.5 5l6.5-5" />
      </svg>
      <span class="hud-said" ref={text}>
        <b class="hud-speaker">
          <bdi>{message.from === null ? 'You' : nameOfPeer(people, message.from)}</bdi>
        </b>{' '}
        <span class="hud-tag">
          {conversation?.kind === 'room' ? (
            <>
              in <bdi>{titleOf(people, conversation)}</bdi>
            </>
          ) : (
            'to you'
          )}
        </span>{' '}
        <bdi class="hud-text">{message.text}</bdi>
      </span>
    </li>
  );
}

export function HudTalkRows(): VNode | null {
  const { bridge, model, app, settings, mac, dispatch } = useScreen();
  const shown = useShown(bridge);
  const told = useRef((id: string) => shown([id]));
  const { messages, requests, problem } = model.talk;
  // While the panel is open the HUD lies under it.
  const seeing = app.onScreen && (!app.interactive || app.composing);
  if (messages.length === 0 && requests === null && problem === null) return null;
  return (
    <ol class="hud-lines hud-talk" aria-label="Messages to you">
      {problem !== null && (
        <li
          key={`problem ${problem.serial}`}
          class="hud-line hud-problem"
          role="alert"
          onAnimationEnd={onFade(() => dispatch({ kind: 'talk-faded', row: 'problem' }))}
        >
          {problem.text}
        </li>
      )}
      {requests !== null && (
        <li
          key="requests"
          class="hud-line hud-request"
          onAnimationEnd={onFade(() => dispatch({ kind: 'talk-faded', row: 'requests' }))}
        >
          {requestText(requests)} <span class="hud-tag">{acceleratorText(settings.shortcuts.people, mac)}</span>
        </li>
      )}
      {messages.map((message) => (
        <MessageRow
          key={message.id}
          message={message}
          seeing={seeing}
          onSeen={told.current}
          onFaded={() => dispatch({ kind: 'talk-faded', row: { id: message.id } })}
        />
      ))}
    </ol>
  );
}
