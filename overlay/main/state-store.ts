/** The one copy of what the screen shows of the app. Changes of one turn of the event loop are sent as one. */
import type { AppState } from '../ipc/index.ts';

/** Notices shown at once; the oldest leaves first. */
const MAX_NOTICES = 8;

export class StateStore {
  #state: AppState;
  #due = false;
  readonly #onChange: (state: AppState) => void;

  constructor(initial: AppState, onChange: (state: AppState) => void) {
    this.#state = initial;
    this.#onChange = onChange;
  }

  get state(): AppState {
    return this.#state;
  }

  update(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      this.#onChange(this.#state);
    });
  }

  /** Adds a sentence that the user should know; one that is shown already moves to the end. */
  notice(text: string): void {
    const others = this.#state.notices.filter((notice) => notice !== text);
    this.update({ notices: [...others, text].slice(-MAX_NOTICES) });
  }

  /** What a notice said holds no longer. */
  dropNotice(text: string): void {
    if (!this.#state.notices.includes(text)) return;
    this.update({ notices: this.#state.notices.filter((notice) => notice !== text) });
  }
}
