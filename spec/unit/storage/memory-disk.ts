/**
 * A disk in memory behind `Files`, with the rules that matter: bytes are durable after `sync`, names after
 * `syncFolder`. `crash()` gives the disk as a power cut would leave it; `fail` makes chosen operations fail; `takeBytes`
 * makes writes short.
 */
import { basename, dirname } from 'node:path';
import type { Files, OpenFile, OpenMode } from '../../../storage/index.ts';

/** Answers later, as a disk does; what `work` throws is the answer too. */
async function act<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}

interface Node {
  live: Uint8Array;
  durable: Uint8Array;
  readonly modifiedMs: number;
}

export type DiskOperation = 'open' | 'create' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'sync-folder';

export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code });
}

export class MemoryDisk implements Files {
  #live = new Map<string, Node>();
  #durable = new Map<string, Node>();
  readonly #clock: () => number;
  /** Called before each operation that changes something; what it throws is what the disk reports. */
  fail: (operation: DiskOperation, path: string) => void = () => undefined;
  /** How many of the given bytes a write takes. */
  takeBytes: (given: number) => number = (given) => given;

  constructor(clock: () => number = () => 0) {
    this.#clock = clock;
  }

  /** The disk after a power cut: only what was synced. With `extra`, that share (0 to 1) of unsynced bytes as well. */
  crash(extra = 0): MemoryDisk {
    const after = new MemoryDisk(this.#clock);
    for (const [path, node] of this.#durable) {
      const grown = Math.max(0, node.live.length - node.durable.length);
      const bytes = node.live.slice(0, node.durable.length + Math.floor(grown * extra));
      bytes.set(node.durable.subarray(0, bytes.length));
      after.put(path, extra === 0 ? node.durable : bytes);
    }
    return after;
  }

  /** A disk with the same files, all durable. */
  copy(): MemoryDisk {
    const after = new MemoryDisk(this.#clock);
    for (const [path, node] of this.#live) after.put(path, node.live);
    return after;
  }

  /** Sets a file as it is, durable. */
  put(path: string, bytes: Uint8Array): void {
    const node = { live: bytes.slice(), durable: bytes.slice(), modifiedMs: this.#clock() };
    this.#live.set(path, node);
    this.#durable.set(path, node);
  }

  bytes(path: string): Uint8Array {
    return this.#node(path).live.slice();
  }

  drop(path: string): void {
    this.#live.delete(path);
    this.#durable.delete(path);
  }

  paths(): readonly string[] {
    return [...this.#live.keys()].sort();
  }

  #node(path: string): Node {
    const node = this.#live.get(path);
    if (node === undefined) throw diskError('ENOENT');
    return node;
  }

  open(path: string, mode: OpenMode): Promise<OpenFile> {
    return act(() => {
      this.fail(mode === 'create' || mode === 'replace' ? 'create' : 'open', path);
      const present = this.#live.get(path);
      if (mode === 'create' && present !== undefined) throw diskError('EEXIST');
      if (mode === 'create' || (mode === 'replace' && present === undefined)) {
        const empty = new Uint8Array();
        this.#live.set(path, { live: empty, durable: empty, modifiedMs: this.#clock() });
      } else if (mode === 'replace') {
        this.#node(path).live = new Uint8Array();
      }
      return this.#handle(path, this.#node(path));
    });
  }

  #handle(path: string, node: Node): OpenFile {
    return {
      read: (at, length) => act(() => node.live.slice(at, at + length)),
      write: (bytes, at) =>
        act(() => {
          this.fail('write', path);
          const taken = Math.min(bytes.length, Math.max(1, this.takeBytes(bytes.length)));
          const grown = new Uint8Array(Math.max(node.live.length, at + taken));
          grown.set(node.live);
          grown.set(bytes.subarray(0, taken), at);
          node.live = grown;
          return taken;
        }),
      sync: () =>
        act(() => {
          this.fail('sync', path);
          node.durable = node.live.slice();
        }),
      truncate: (sizeBytes) =>
        act(() => {
          this.fail('truncate', path);
          node.live = node.live.slice(0, sizeBytes);
        }),
      size: () => act(() => node.live.length),
      close: () => act(() => undefined),
    };
  }

  list(folder: string): Promise<readonly string[]> {
    const names = [...this.#live.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
    return Promise.resolve(names);
  }

  makeFolder(): Promise<void> {
    return Promise.resolve();
  }

  rename(from: string, to: string): Promise<void> {
    return act(() => {
      this.fail('rename', to);
      this.#live.set(to, this.#node(from));
      this.#live.delete(from);
    });
  }

  remove(path: string): Promise<void> {
    return act(() => {
      this.fail('remove', path);
      this.#node(path);
      this.#live.delete(path);
    });
  }

  syncFolder(folder: string): Promise<void> {
    return act(() => {
      this.fail('sync-folder', folder);
      for (const path of this.#durable.keys()) if (dirname(path) === folder) this.#durable.delete(path);
      for (const [path, node] of this.#live) if (dirname(path) === folder) this.#durable.set(path, node);
    });
  }

  modifiedMs(path: string): Promise<number> {
    return act(() => this.#node(path).modifiedMs);
  }
}
