import type { Pool } from 'pg';

/**
 * Resolvers of fields that one reading gives together. It is made when the first of them asks, once for an answer, and
 * beside the readings of other fields.
 */
export function fieldsOf<Parent extends object, Found extends object>(
  read: (pool: Pool, parent: Parent) => Promise<Found>,
) {
  const found = new WeakMap<Parent, Promise<Found>>();
  return <Name extends keyof Found>(name: Name) =>
    async (parent: Parent, _args: object, { pool }: { readonly pool: Pool }): Promise<Found[Name]> => {
      const reading = found.get(parent) ?? read(pool, parent);
      found.set(parent, reading);
      return (await reading)[name];
    };
}
