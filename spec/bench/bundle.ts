/** Sides of a benchmark that run in processes of their own, bundled as the program is: a loader of TypeScript would take time and memory. */
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

/**
 * Bundles `entry`, a path below spec/bench, as `.build/bench/NAME.mjs`: inside the checkout, for the packages.
 * @returns the path of the bundle. Rejects where esbuild finds a fault.
 */
export async function bundleSide(entry: string, name: string): Promise<string> {
  const outfile = join(root, '.build', 'bench', `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'spec', 'bench', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}
