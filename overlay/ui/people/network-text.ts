/**
 * The state of the network in a few words, and how grave it is.
 */
import type { NetworkFinding, PeopleState } from '../../ipc/index.ts';

export interface NetworkWord {
  readonly tone: 'good' | 'info' | 'warn' | 'error';
  readonly text: string;
}

export function networkText(network: PeopleState['network']): NetworkWord {
  switch (network.kind) {
    case 'starting':
      return { tone: 'info', text: 'Network is starting' };
    case 'on':
      return network.message === null
        ? { tone: 'good', text: network.sessionPort === null ? 'Network is on' : `On, UDP port ${network.sessionPort}` }
        : { tone: 'warn', text: network.message };
    case 'off':
      return { tone: 'warn', text: network.message ?? 'Network is off' };
    case 'failed':
      return { tone: 'error', text: network.message ?? 'Network failed' };
  }
}

const severityWords: Readonly<Record<NetworkFinding['severity'], string>> = {
  ok: 'Good',
  warn: 'Look at this',
  error: 'Does not work',
};

/** The word of a finding. */
export function severityText(severity: NetworkFinding['severity']): string {
  return severityWords[severity];
}

/** The gravest first; among alike ones in the order of the check. */
export function sortFindings(findings: readonly NetworkFinding[]): readonly NetworkFinding[] {
  const rank = { error: 0, warn: 1, ok: 2 } as const;
  return findings.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}
