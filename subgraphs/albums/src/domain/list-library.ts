import { type PageArguments, readPage, toConnection } from '@volna/platform/pagination';
import { z } from 'zod';

import type { Context } from '../context.ts';

const Cursor = z.tuple([z.iso.datetime(), z.string()]);

/** What a user likes, last liked first. */
export async function listLibrary({ db }: Context, userId: string, args: PageArguments) {
  const page = readPage(args, Cursor);
  const rows = await db.reaction.findMany({
    where: { userId, reaction: 'LIKE', ...(page.after && before(...page.after)) },
    orderBy: [{ at: 'desc' }, { trackId: 'desc' }],
    take: page.take,
  });
  const { edges, pageInfo } = toConnection(rows, page, (row): z.infer<typeof Cursor> => [
    row.at.toISOString(),
    row.trackId,
  ]);
  return { edges: edges.map(({ cursor, node }) => ({ cursor, node: { id: node.trackId } })), pageInfo };
}

function before(at: string, trackId: string) {
  return { OR: [{ at: { lt: at } }, { at, trackId: { lt: trackId } }] };
}
