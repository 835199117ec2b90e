/** What the network check found: one sentence each, with what to do, for `lobbykeep doctor` and the overlay. */

export type FindingKind =
  | 'session-port'
  | 'discovery-port'
  | 'bound'
  | 'no-network'
  | 'vpn'
  | 'self-assigned'
  | 'mtu'
  | 'echo'
  | 'refused'
  | 'isolation'
  | 'address-doubled'
  | 'beacon-repeated'
  | 'clock';

/** `problem`: peers are not found or reached. `warning`: some are not, or not always. */
export type Severity = 'ok' | 'warning' | 'problem';

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** For the user: what is the case and, unless it is well, what to do about it. */
  readonly message: string;
}
