import { type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';

const Cursor = z.tuple([z.iso.datetime(), z.string()]);

/** What a user played, last first, page by page. */
export async function listHistory({ db }: Context, userId: string, args: PageArguments) {
  const page = readPage(args, Cursor);
  const rows = await db.listening.findMany({
    where: { userId, ...(page.after && before(...page.after)) },
    orderBy: [{ playedAt: 'desc' }, { id: 'desc' }],
    take: page.take,
  });
  return toConnection(rows, page, ({ playedAt, id }): z.infer<typeof Cursor> => [playedAt.toISOString(), id]);
}

function before(playedAt: string, id: string) {
  return { OR: [{ playedAt: { lt: playedAt } }, { playedAt, id: { lt: id } }] };
}
