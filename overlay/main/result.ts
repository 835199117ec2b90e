/** What may fail in a good world is a value; the same shape as in storage and capture, whose code main must not load. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };
