/**
 * How much of a message's room is used, once the end is near.
 */
import { MAX_MESSAGE_CHARS } from '../../ipc/index.ts';
import { countText } from '../screen/clock-text.ts';

/** UTF-16 units from which on the count is shown. */
const countFrom = 3_500;

/** `3,900 of 4,000`; null while there is room enough. */
export function lengthText(length: number): string | null {
  return length < countFrom ? null : `${countText(length)} of ${countText(MAX_MESSAGE_CHARS)}`;
}
