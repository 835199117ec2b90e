/** The door of `net/code`: the code that is given to others, and the token in it. */
export { formatCode, parseCode } from './contact-code.ts';
export type { ContactCode } from './contact-code.ts';
export type { CodeError } from './code-error.ts';
export { CODE_LENGTH } from './code-reading.ts';
export { TOKEN_BYTES, isRequestToken, makeRequestToken, toRequestToken, tokenBytes } from './request-token.ts';
export type { RequestToken } from './request-token.ts';
