import { type Connection, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';
import type { AuditFilter, QueryAuditLogArgs } from '../generated/graphql.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { AuditEntry } from '../models.ts';

/** The id of the last entry: what is logged later has a greater one, so that pages neither repeat nor skip. */
const Cursor = z.string().regex(/^\d{1,18}$/);

/** Security-relevant actions, newest first. */
export async function readAuditLog(
  context: Context,
  { filter, ...args }: QueryAuditLogArgs,
): Promise<Connection<AuditEntry>> {
  context.requireAdmin();
  const page = readPage(args, Cursor);
  const rows = await context.db.auditEntry.findMany({
    where: { ...toWhere(filter ?? {}), ...(page.after ? { id: { lt: BigInt(page.after) } } : {}) },
    orderBy: { id: 'desc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => String(id));
}

function toWhere({ actorId, subjectId, action, from, to }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(actorId ? { actorId } : {}),
    ...(subjectId ? { subjectId } : {}),
    ...(action ? { action: action.endsWith('.') ? { startsWith: action } : action } : {}),
    at: { ...(from ? { gte: from } : {}), ...(to ? { lt: to } : {}) },
  };
}
