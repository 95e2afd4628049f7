import type { Viewer } from '@volna/platform/identity';

import { Prisma } from './generated/prisma/client.ts';

const isAdmin = (viewer: Viewer | null) => viewer?.roles.includes('ADMIN') ?? false;

/** SQL over a `track_ref t`: published tracks are everybody's, others their owner's and an ADMIN's. */
export function seenBy(viewer: Viewer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`NOT t.deleted`;
  return Prisma.sql`NOT t.deleted AND (t.published OR t.owner_id = ${viewer?.userId ?? ''})`;
}

/** SQL over an `album a`: released ones are everybody's, others their owner's and an ADMIN's. */
export function albumSeenBy(viewer: Viewer | null): Prisma.Sql {
  if (isAdmin(viewer)) return Prisma.sql`TRUE`;
  return Prisma.sql`(a.status = 'RELEASED' OR a.owner_id = ${viewer?.userId ?? ''})`;
}

/** SQL over a `playlist p` joined with the viewer's `playlist_member m`. */
export function playlistSeenBy(viewer: Viewer | null): Prisma.Sql {
  return Prisma.sql`(p.visibility <> 'PRIVATE' OR p.owner_id = ${viewer?.userId ?? ''} OR m.role IS NOT NULL)`;
}
