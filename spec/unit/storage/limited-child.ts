/** Appends lines to the log in argv[2] until that fails; prints what was kept and the failure, then ends as it is. */
import { writeSync } from 'node:fs';
import { nodeFiles, openLog } from '../../../storage/index.ts';
import { EntryMaker, logOptions, strongRandom } from './log-kit.ts';

// Without a listener the signal that comes with EFBIG would end the process.
process.on('SIGXFSZ', () => undefined);
const make = new EntryMaker();
const opened = await openLog(logOptions({ folder: process.argv[2] ?? '', files: nodeFiles() }));
if (!opened.ok) throw new Error(opened.error.message);
const session = make.session();
await opened.value.append([session]);
const kept: string[] = [];
for (;;) {
  const picture = { mime: 'image/png', widthPx: 9, heightPx: 9, bytes: strongRandom(3_000) } as const;
  const line = make.line(session.id, `line ${kept.length}`, { picture });
  const result = await opened.value.append([line]);
  if (result.ok) {
    kept.push(line.line);
    continue;
  }
  writeSync(1, JSON.stringify({ kept, ...result.error }));
  process.exit(0);
}
