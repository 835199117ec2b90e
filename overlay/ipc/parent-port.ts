/**
 * The port by which a utility process talks to Electron main. Only `overlay/main` may name `electron`, so the few members
 * that the engine and the reader use are described here. Source: https://www.electronjs.org/docs/latest/api/parent-port
 */

/** One end of a MessageChannelMain, inside a utility process. */
export interface ChildPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  /** Structured clone; ArrayBuffers are copied. */
  postMessage(message: unknown): void;
  /** Messages are delivered only after this. */
  start(): void;
  close(): void;
}

export interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly ChildPort[] }) => void,
  ): unknown;
  postMessage(message: unknown): void;
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/**
 * The parent port of this process: hand in `process`.
 * @throws TypeError when the file was not started as a utility process of Electron.
 */
export function parentPortOf(process: object): ParentPort {
  const port: unknown = Reflect.get(process, 'parentPort');
  if (!isParentPort(port)) {
    throw new TypeError(
      `Expected a parent port for process but received ${typeof port}: start it by utilityProcess.fork`,
    );
  }
  return port;
}
