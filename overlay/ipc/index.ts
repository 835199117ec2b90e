/** The door of the contract between the processes: what the screen, main, the engine and the reader may say to each other. */
export * from './contract.ts';
export * from './people.ts';
export * from './settings.ts';
export * from './engine-messages.ts';
export * from './reader-messages.ts';
export * from './parent-port.ts';
