/**
 * A button that opens a small box under it. Escape and a click elsewhere close it; focus goes back to the button.
 */
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface PopoverProps {
  readonly label: ComponentChildren;
  readonly name: string;
  readonly align?: 'start' | 'end';
  readonly disabled?: boolean;
  readonly active?: boolean;
  readonly onOpen?: () => void;
  /** The content; `close` closes the box. */
  readonly render: (close: () => void) => ComponentChildren;
}

export function Popover({
  label,
  name,
  align = 'start',
  disabled = false,
  active = false,
  onOpen,
  render,
}: PopoverProps): VNode {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useLayoutEffect(() => {
    if (!open) return undefined;
    root.current?.querySelector<HTMLElement>('.popover input, .popover button')?.focus();
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    window.addEventListener('pointerdown', onPointer, true);
    return () => window.removeEventListener('pointerdown', onPointer, true);
  }, [open]);
  return (
    <div
      class="popover-root"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.preventDefault();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        class={`button${active ? ' active' : ''}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => {
          if (!open) onOpen?.();
          setOpen(!open);
        }}
      >
        {label}
        <svg class="caret" viewBox="0 0 8 8" aria-hidden="true">
          <path d="M1 2.5l3 3 3-3" />
        </svg>
      </button>
      {open && (
        <div class={`popover align-${align}`} role="dialog" aria-label={name}>
          {render(close)}
        </div>
      )}
    </div>
  );
}
