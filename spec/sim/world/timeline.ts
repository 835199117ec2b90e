/**
 * Virtual time. What is due happens in the order of its time; between two happenings everything runs that waits for promises,
 * so the same seed gives the same run. Nothing waits for the real clock.
 */

/** Something that wants to act at times of its own. */
export interface Actor {
  /** Virtual ms; Infinity: not before something else happens. */
  readonly dueMs: number;
  act(): void;
}

interface Job {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Happenings at one and the same moment after which a run is stopped: an actor whose due time does not move would hang it. */
const momentLimit = 20_000;

export class Timeline {
  readonly actors = new Set<Actor>();
  #nowMs = 0;
  /** A binary heap: the next job first. */
  readonly #jobs: Job[] = [];
  #order = 0;
  /** All happenings so far. */
  steps = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs `job` at that time, or at once where it has passed. */
  at(atMs: number, run: () => void): void {
    this.#order += 1;
    this.#push({ atMs: Math.max(atMs, this.#nowMs), order: this.#order, run });
  }

  after(delayMs: number, run: () => void): void {
    this.at(this.#nowMs + delayMs, run);
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Lets `ms` of time pass. */
  async pass(ms: number): Promise<void> {
    await this.#runTo(this.#nowMs + ms, () => false, Infinity);
  }

  /** Lets time pass until `isDone`, looked at every `stepMs`, at most `limitMs`; false where it was not done by then. */
  async passUntil(isDone: () => boolean, limitMs: number, stepMs = 50): Promise<boolean> {
    await settle();
    if (isDone()) return true;
    await this.#runTo(this.#nowMs + limitMs, isDone, stepMs);
    return isDone();
  }

  async #runTo(endMs: number, isDone: () => boolean, stepMs: number): Promise<void> {
    let lookMs = this.#nowMs + stepMs;
    let atOnce = 0;
    for (;;) {
      await settle();
      const nextMs = this.#nextMs();
      if (nextMs > lookMs && lookMs <= endMs) {
        this.#nowMs = Math.max(this.#nowMs, lookMs);
        if (isDone()) return;
        lookMs += stepMs;
        continue;
      }
      if (nextMs > endMs) break;
      atOnce = nextMs > this.#nowMs ? 0 : atOnce + 1;
      if (atOnce > momentLimit) throw new Error('Expected the time to go on but received happenings without end');
      this.#nowMs = Math.max(this.#nowMs, nextMs);
      this.#happen();
    }
    this.#nowMs = endMs;
  }

  #nextMs(): number {
    let nextMs = this.#jobs[0]?.atMs ?? Infinity;
    for (const actor of this.actors) nextMs = Math.min(nextMs, actor.dueMs);
    return nextMs;
  }

  #happen(): void {
    this.steps += 1;
    while ((this.#jobs[0]?.atMs ?? Infinity) <= this.#nowMs) this.#pop()?.run();
    for (const actor of this.actors) if (actor.dueMs <= this.#nowMs) actor.act();
  }

  #push(job: Job): void {
    const jobs = this.#jobs;
    let at = jobs.push(job) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = jobs[above];
      if (parent === undefined || !isBefore(job, parent)) break;
      jobs[at] = parent;
      at = above;
    }
    jobs[at] = job;
  }

  #pop(): Job | undefined {
    const jobs = this.#jobs;
    const first = jobs[0];
    const last = jobs.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [jobs[2 * at + 1], jobs[2 * at + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      jobs[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    jobs[at] = last;
    return first;
  }
}

function isBefore(a: Job, b: Job): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Lets everything run that waits for promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
