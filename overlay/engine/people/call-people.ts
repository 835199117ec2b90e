/** A call about people from outside of this process, checked by its schema before it is answered. */
import * as v from 'valibot';
import { peopleCallSchemas } from '../../ipc/index.ts';
import type { PeopleCallName } from '../../ipc/index.ts';
import type { PeopleService } from './people-service.ts';

export function isPeopleCall(name: string): name is PeopleCallName {
  return Object.hasOwn(peopleCallSchemas, name);
}

/** Rejects with RangeError for a call that is none, with TypeError for an input of another shape. */
export async function callPeople(service: PeopleService, name: string, input: unknown): Promise<unknown> {
  if (!isPeopleCall(name)) throw new RangeError(`There is no call named ${name}.`);
  return callWith(service, name, peopleCallSchemas[name], input);
}

async function callWith<N extends PeopleCallName>(
  service: PeopleService,
  name: N,
  schema: (typeof peopleCallSchemas)[N],
  input: unknown,
): Promise<unknown> {
  const parsed = v.safeParse(schema, input);
  if (!parsed.success)
    throw new TypeError(`Expected the shape of ${name} but received another: ${parsed.issues[0].message}`);
  return service.answer(name, parsed.output);
}
