import { RoleRequestId } from '@volna/events';
import { type Connection, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { QueryRoleRequestsArgs } from '../generated/graphql.ts';
import type { RoleRequest } from '../models.ts';

const Cursor = z.tuple([z.iso.datetime(), RoleRequestId]);

/** Wishes for roles, oldest first. */
export async function listRoleRequests(
  context: Context,
  { state, ...args }: QueryRoleRequestsArgs,
): Promise<Connection<RoleRequest>> {
  context.requireAdmin();
  const page = readPage(args, Cursor);
  const [createdAt, id] = page.after ?? [];
  const rows = await context.db.roleRequest.findMany({
    where: {
      ...(state ? { state } : {}),
      ...(createdAt && id ? { OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: id } }] } : {}),
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: page.take,
  });
  return toConnection(rows, page, (row) => [row.createdAt.toISOString(), RoleRequestId.parse(row.id)]);
}
