/** WebAssembly where there is any: not where a page's policy forbids it, or an engine knows no vectors. */

/** What WebAssembly is, in every world that this runs in; no library of types is common to them. */
interface Assembly {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

function isAssembly(value: unknown): value is Assembly {
  return typeof value === 'object' && value !== null && 'Module' in value && 'Instance' in value;
}

/** What every kernel has. */
export interface Memory {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** What `code`, in base64, exports; null where it cannot run. */
export function loadKernel<K extends Memory>(code: string, isKernel: (exports: object) => exports is K): K | null {
  const assembly: unknown = Reflect.get(globalThis, 'WebAssembly');
  if (!isAssembly(assembly)) return null;
  try {
    const bytes = Uint8Array.from(atob(code), (character) => character.charCodeAt(0));
    const { exports } = new assembly.Instance(new assembly.Module(bytes));
    return typeof exports === 'object' && exports !== null && isKernel(exports) ? exports : null;
  } catch {
    // Forbidden or unknown here: plain code does the same.
    return null;
  }
}
