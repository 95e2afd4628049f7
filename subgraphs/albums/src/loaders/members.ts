import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Role } from '../models.ts';
import { createPageLoader } from './page-loader.ts';

export interface MemberRow {
  readonly userId: string;
  readonly role: Role;
  readonly joinedAt: Date;
}

/** Who has a part in a playlist, in the order of joining; the cursor is that, and the user. */
export function createMembersPage(db: Database) {
  return createPageLoader<MemberRow, readonly [string, string]>(
    (playlistIds, { take, after }) => db.$queryRaw`
      SELECT w.id AS "parentId", page.* FROM unnest(${playlistIds}::text[]) w (id)
      CROSS JOIN LATERAL (
        SELECT m.user_id AS "userId", m.role, m.joined_at AS "joinedAt" FROM playlist_member m
        WHERE m.playlist_id = w.id
          AND ${after ? Prisma.sql`(m.joined_at, m.user_id) > (${after[0]}::timestamptz, ${after[1]})` : Prisma.sql`TRUE`}
        ORDER BY m.joined_at, m.user_id LIMIT ${take}
      ) page`,
    ({ joinedAt, userId }) => [joinedAt.toISOString(), userId],
  );
}
