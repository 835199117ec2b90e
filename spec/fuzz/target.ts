/** A parser as the fuzzer sees it. */

export interface FuzzTarget {
  readonly name: string;
  /** Inputs that are right, to begin from; at least one. */
  readonly seeds: readonly Uint8Array[];
  /** CPU time that one input may take, ms; 250 where it is not said. */
  readonly slowMs?: number;
  /**
   * Gives the input to the parser and says what became of it, in a word. Whatever it throws is a failure: the parser's, or that
   * of a promise that was looked at here.
   */
  readonly take: (input: Uint8Array) => string | Promise<string>;
  /** Takes away what lies on the real disk. */
  readonly end?: () => Promise<void>;
}

export function expect(isTrue: boolean, promise: string): void {
  if (!isTrue) throw new Error(`Expected ${promise}`);
}

export function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text));
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
