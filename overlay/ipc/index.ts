export * from './contract.ts';
export * from './settings.ts';
export * from './engine-messages.ts';
export * from './reader-messages.ts';
export * from './parent-port.ts';
