import type { Pool } from 'pg';

/** What several fields of one answer are made of: read when the first of them asks, and once. */
export function readOnce<Parent extends object, Found>(read: (pool: Pool, parent: Parent) => Promise<Found>) {
  const found = new WeakMap<Parent, Promise<Found>>();
  return (parent: Parent, { pool }: { readonly pool: Pool }): Promise<Found> => {
    const known = found.get(parent) ?? read(pool, parent);
    found.set(parent, known);
    return known;
  };
}
