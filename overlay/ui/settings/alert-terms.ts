/** The names and words of the alerts as one field shows them: with commas between. */
import { alertTerms } from '../../ipc/index.ts';

export type SplitTerms =
  { readonly ok: true; readonly terms: readonly string[] } | { readonly ok: false; readonly problem: string };

export function joinTerms(terms: readonly string[]): string {
  return terms.join(', ');
}

/** Terms as typed, each once; or why they cannot be kept. */
export function splitTerms(typed: string): SplitTerms {
  const terms = [...new Set(typed.split(/[,\n]/).map((term) => term.trim().replaceAll(/\s+/g, ' ')))].filter(Boolean);
  const short = terms.find((term) => (term.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < 2);
  if (short !== undefined)
    return { ok: false, problem: `“${short.slice(0, 20)}” is too short: two letters or digits at least.` };
  const long = terms.find((term) => term.length > alertTerms.longest);
  if (long !== undefined) {
    return { ok: false, problem: `“${long.slice(0, 20)}…” is longer than ${alertTerms.longest} characters.` };
  }
  if (terms.length > alertTerms.most) {
    return { ok: false, problem: `At most ${alertTerms.most} can be kept, these are ${terms.length}.` };
  }
  return { ok: true, terms };
}
