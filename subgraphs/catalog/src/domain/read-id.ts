import { type IdType, typeOfId } from '@volna/events';

/** The id if it is one of this type: anything else names nothing and need not be looked for. */
export function readId(type: IdType, value: string): string | null {
  return typeOfId(value) === type ? value : null;
}
