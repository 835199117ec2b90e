/**
 * The part of the `x11` package that the tracker uses; the package brings no types.
 * Source: https://github.com/sidorares/node-x11/blob/master/docs/core-requests.md
 */
declare module 'x11' {
  export type Reply<T> = (error: Error | null | undefined, value: T) => boolean | void;

  export interface Property {
    readonly type: number;
    /** 8, 16 or 32 bits an element; 0 where the property is not set. */
    readonly format: number;
    readonly bytesAfter: number;
    readonly data: Buffer;
  }

  export interface XEvent {
    readonly name: string;
    readonly wid?: number;
    readonly atom?: number;
  }

  export interface XClient {
    on(event: 'event', listener: (event: XEvent) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'end', listener: () => void): this;
    InternAtom(onlyIfExists: boolean, name: string, reply: Reply<number>): void;
    GetProperty(
      remove: 0 | 1,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      reply: Reply<Property>,
    ): void;
    GetGeometry(window: number, reply: Reply<{ readonly width: number; readonly height: number }>): void;
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      reply: Reply<{ readonly destX: number; readonly destY: number }>,
    ): void;
    GetWindowAttributes(window: number, reply: Reply<{ readonly mapState: number }>): void;
    GetSelectionOwner(selection: number, reply: Reply<number>): void;
    ChangeWindowAttributes(window: number, values: { readonly eventMask: number }, reply?: Reply<unknown>): void;
    SendClientMessage(destination: number, window: number, type: number, format: 32, data: readonly number[]): void;
    terminate(): void;
  }

  export interface Display {
    readonly client: XClient;
    readonly screen: readonly { readonly root: number }[];
  }

  export const eventMask: { readonly PropertyChange: number; readonly StructureNotify: number };

  export function createClient(
    options: { readonly display: string },
    ready: (error: Error | undefined, display: Display) => void,
  ): XClient;

  const x11: { readonly createClient: typeof createClient; readonly eventMask: typeof eventMask };
  export default x11;
}
