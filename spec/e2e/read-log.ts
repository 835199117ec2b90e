/**
 * Reads a log back the way a user would: by the command line's export.
 */
import type { LogLine } from '../../storage/log.ts';
import type { Stage } from './stage.ts';

function isLogLine(value: unknown): value is LogLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'line' in value &&
    typeof value.line === 'string' &&
    'text' in value &&
    'speaker' in value &&
    'lobby' in value
  );
}

/** All lines of the log in a data folder, oldest first. Throws where the command line fails or prints no line. */
export async function exportLog(stage: Stage, data: string): Promise<readonly LogLine[]> {
  const text = await stage.runCli(['export', '--data', data, '--format', 'jsonl']);
  return text
    .trimEnd()
    .split('\n')
    .map((row) => {
      const line: unknown = JSON.parse(row);
      if (!isLogLine(line)) throw new TypeError(`Expected a line of the log but received ${row.slice(0, 80)}`);
      return line;
    });
}
