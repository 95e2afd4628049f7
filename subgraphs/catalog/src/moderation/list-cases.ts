import { ModerationCaseId } from '@volna/events';
import { type Connection, readPage, toConnection } from '@volna/platform/pagination';

import type { Context } from '../context.ts';
import type { QueryModerationQueueArgs } from '../generated/graphql.ts';
import type { ModerationCase } from '../models.ts';

/** Cases that are in a state, the oldest first; for an ADMIN. */
export async function listModerationQueue(
  { db, requireAdmin }: Pick<Context, 'db' | 'requireAdmin'>,
  { state, targetType, ...args }: Partial<QueryModerationQueueArgs>,
): Promise<Connection<ModerationCase>> {
  requireAdmin();
  const page = readPage<string>(args, ModerationCaseId);
  const rows = await db.moderationCase.findMany({
    where: {
      ...(state ? { state } : {}),
      ...(targetType ? { targetType } : {}),
      ...(page.after ? { id: { gt: page.after } } : {}),
    },
    orderBy: { id: 'asc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}
