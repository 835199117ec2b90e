/**
 * The door of `net`: identity and code, requests, sessions, delivery, discovery and sync between accepted peers, over
 * encrypted UDP. What is promised: `spec/PROTOCOL.md`. Knows nothing of Electron, the screen or SQL.
 */
export {};
