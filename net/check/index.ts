/** The door of `net/check`: why are peers not found? */
export type { Finding, FindingKind, Severity } from './finding.ts';
export { NetworkCheck } from './network-check.ts';
export type { NetworkCheckParts, NetworkSituation } from './network-check.ts';
export { createSystemFacts } from './system-facts.ts';
export type { SystemFacts } from './system-facts.ts';
