/**
 * The part of `node-window-manager` that the tracker uses. Declared here because npm leaves the package out where it
 * cannot be compiled, and the types must hold there too.
 */
declare module 'node-window-manager' {
  export interface Window {
    readonly id: number;
    readonly processId: number;
    readonly path: string;
    getTitle(): string;
    bringToTop(): void;
    isVisible(): boolean;
  }
  export const windowManager: { getWindows(): readonly Window[] };
  /** The native part; missing on Linux. */
  export const addon: unknown;
}
