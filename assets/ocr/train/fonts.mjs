/**
 * Brings the fonts of the training into a folder: `node fonts.mjs FOLDER`. Fonts of the npm registry come as `.woff` of
 * the Latin subset, regular and bold; `licences.tsv` beside them names each package, its version and licence. Debian's
 * packages are named in `fonts.json`; they are installed by the user (`apt-get install`), who is told which are missing.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const AT_ONCE = 12;
const target = process.argv[2];
if (target === undefined) {
  process.stderr.write('Expected a folder: node fonts.mjs FOLDER\n');
  process.exit(2);
}
mkdirSync(target, { recursive: true });
const list = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fonts.json'), 'utf8'));
const missing = list.npm.filter((/** @type {string} */ name) => !existsSync(path.join(target, name)));
for (let from = 0; from < missing.length; from += AT_ONCE) fetchPackages(missing.slice(from, from + AT_ONCE));
process.stdout.write(`${list.npm.length} families in ${target}\n`);
const isInstalled = (/** @type {string} */ name) => existsSync(`/var/lib/dpkg/info/${name}.list`);
const absent = list.debian.filter(
  (/** @type {string} */ name) => !isInstalled(name) && !existsSync(`/var/lib/dpkg/info/${name}:all.list`),
);
if (absent.length > 0) process.stdout.write(`For the full set: apt-get install ${absent.join(' ')}\n`);

/** @param {readonly string[]} names */
function fetchPackages(names) {
  const folder = mkdtempSync(path.join(target, '.fetch-'));
  try {
    const packages = names.map((name) => `@fontsource/${name}`);
    const report = execFileSync('npm', ['pack', '--json', '--pack-destination', folder, ...packages], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    for (const pack of JSON.parse(report)) takeFonts(folder, pack);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {{ name: string, version: string, filename: string }} pack
 */
function takeFonts(folder, pack) {
  const name = pack.name.replace('@fontsource/', '');
  const unpacked = path.join(folder, name);
  mkdirSync(unpacked);
  const file = path.join(folder, pack.filename.replace('@', '').replace('/', '-'));
  execFileSync('tar', ['xzf', file, '-C', unpacked]);
  const files = path.join(unpacked, 'package', 'files');
  const wanted = readdirSync(files).filter((one) => /-latin-(400|700)-normal\.woff$/.test(one));
  const final = path.join(folder, `${name}.fonts`);
  mkdirSync(final);
  for (const one of wanted) renameSync(path.join(files, one), path.join(final, one));
  const { license } = JSON.parse(readFileSync(path.join(unpacked, 'package', 'package.json'), 'utf8'));
  appendFileSync(path.join(target, 'licences.tsv'), `${pack.name}\t${pack.version}\t${license}\n`);
  renameSync(final, path.join(target, name));
}
