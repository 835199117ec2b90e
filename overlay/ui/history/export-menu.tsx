/**
 * Export of exactly what the search found, in one of four formats; main asks for the file.
 */
import type { VNode } from 'preact';
import type { ExportFormat } from '../../../storage/log.ts';
import { countedText } from '../screen/clock-text.ts';
import { useScreen } from '../screen/screen-context.ts';
import { Popover } from './popover.tsx';

const formats = [
  { format: 'text', title: 'Plain text', hint: 'for reading' },
  { format: 'html', title: 'Web page', hint: 'with colours' },
  { format: 'csv', title: 'CSV', hint: 'for a spreadsheet' },
  { format: 'jsonl', title: 'JSON Lines', hint: 'for programs' },
] as const satisfies readonly { format: ExportFormat; title: string; hint: string }[];

export function ExportMenu({ query, total }: { readonly query: string; readonly total: number }): VNode {
  const { send, tell } = useScreen();
  const exportAs = async (format: ExportFormat): Promise<void> => {
    const answer = await send('log.export', { query, format });
    if (!answer.ok) return;
    if (!answer.value.ok) tell(answer.value.error.message, 'error');
    else if (answer.value.value !== null) tell(`Saved ${countedText(total, 'line')} to ${answer.value.value.path}`);
  };
  return (
    <Popover
      label="Export"
      name="Export what was found"
      align="end"
      disabled={total === 0}
      render={(close) => (
        <>
          <p class="popover-title">Export {countedText(total, 'line')}</p>
          <ul class="options">
            {formats.map(({ format, title, hint }) => (
              <li key={format}>
                <button
                  type="button"
                  class="option"
                  onClick={() => {
                    close();
                    void exportAs(format);
                  }}
                >
                  <span>{title}</span>
                  <span class="option-hint">{hint}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    />
  );
}
