import { JobId } from '@volna/events';
import { type Connection, type PageArguments, readPage, toConnection } from '@volna/platform/pagination';

import type { Context } from '../context.ts';
import type { Job } from '../models.ts';

/** Jobs of the pipeline, the newest first; for an ADMIN. */
export async function listJobs(
  context: Pick<Context, 'db' | 'requireAdmin'>,
  args: PageArguments,
  state: Job['state'] | null | undefined,
): Promise<Connection<Job>> {
  context.requireAdmin();
  const page = readPage<string>(args, JobId);
  const rows = await context.db.job.findMany({
    where: { ...(state ? { state } : {}), ...(page.after ? { id: { lt: page.after } } : {}) },
    orderBy: { id: 'desc' },
    take: page.take,
  });
  return toConnection(rows, page, ({ id }) => id);
}
