/**
 * Dragging the panel by its header, with the pointer captured so that a fast hand does not lose it.
 */
import type { RefObject, TargetedPointerEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { clampOffset } from './placement.ts';
import type { Offset } from './placement.ts';

export interface Drag {
  readonly style: { readonly transform: string };
  readonly handlers: {
    readonly onPointerDown: (event: TargetedPointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: TargetedPointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: TargetedPointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: (event: TargetedPointerEvent<HTMLElement>) => void;
  };
}

/** The place of the element of `panel` and the handlers for its handle. */
export function useDrag(panel: RefObject<HTMLElement | null>): Drag {
  const [offset, setOffset] = useState<Offset>({ x: 0, y: 0 });
  const start = useRef<{ readonly pointer: Offset; readonly offset: Offset } | null>(null);
  const end = (): void => {
    start.current = null;
  };
  return {
    style: { transform: `translate(${offset.x}px, ${offset.y}px)` },
    handlers: {
      onPointerDown(event) {
        const inControl =
          event.target instanceof Element && event.target.closest('button, input, [role="tab"]') !== null;
        if (inControl || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { pointer: { x: event.clientX, y: event.clientY }, offset };
      },
      onPointerMove(event) {
        if (start.current === null || panel.current === null) return;
        const { pointer, offset: from } = start.current;
        const wanted = { x: from.x + event.clientX - pointer.x, y: from.y + event.clientY - pointer.y };
        const size = { w: panel.current.offsetWidth, h: panel.current.offsetHeight };
        setOffset(clampOffset(wanted, size, { w: window.innerWidth, h: window.innerHeight }));
      },
      onPointerUp: end,
      onPointerCancel: end,
    },
  };
}
