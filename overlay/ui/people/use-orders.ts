/**
 * Commands about people that have no answer but how they went: the sentence of a failure is shown, and what was done is
 * said where that is not to be seen by itself.
 */
import { useCallback } from 'preact/hooks';
import type { CommandInput, PeopleCommandName, PeopleCommandOutput } from '../../ipc/index.ts';
import type { Result } from '../../../storage/log.ts';
import { useScreen } from '../screen/screen-context.ts';

/** Commands that answer done or a sentence. */
type OrderName = {
  [N in PeopleCommandName]: PeopleCommandOutput[N] extends Result<void, { readonly message: string }> ? N : never;
}[PeopleCommandName];

/** True when it was done. `saying` is shown then. */
export type Order = <N extends OrderName>(name: N, input: CommandInput<N>, saying?: string) => Promise<boolean>;

export function useOrders(): Order {
  const { send, tell } = useScreen();
  return useCallback(
    async (name, input, saying) => {
      const answer = await send(name, input);
      if (!answer.ok) return false;
      const result: Result<void, { readonly message: string }> = answer.value;
      if (!result.ok) tell(result.error.message, 'error');
      else if (saying !== undefined) tell(saying);
      return result.ok;
    },
    [send, tell],
  );
}
