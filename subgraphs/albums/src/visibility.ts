import type { Viewer } from '@volna/platform/identity';

import { Prisma } from './generated/prisma/client.ts';

/** SQL over a `track_ref t`: published tracks are everybody's, others their owner's and an ADMIN's. */
export function seenBy(viewer: Viewer | null): Prisma.Sql {
  if (viewer?.roles.includes('ADMIN')) return Prisma.sql`NOT t.deleted`;
  return Prisma.sql`NOT t.deleted AND (t.published OR t.owner_id = ${viewer?.userId ?? ''})`;
}
