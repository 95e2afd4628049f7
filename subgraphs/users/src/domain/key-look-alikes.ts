import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { lookAlikeKey } from '../names/look-alike-key.ts';

/** Computes what look-alikes are known by, for accounts from before it was kept. Of two that look alike one has it. */
export async function keyLookAlikes(db: Pick<Database, 'user'>): Promise<void> {
  const users = await db.user.findMany({
    where: { lookAlikeKey: null },
    select: { id: true, username: true },
    orderBy: { createdAt: 'asc' },
  });
  for (const { id, username } of users) {
    try {
      await db.user.update({ where: { id }, data: { lookAlikeKey: lookAlikeKey(username) } });
    } catch (err) {
      const isTaken = err instanceof Prisma.PrismaClientKnownRequestError && err.code === 'P2002';
      if (!isTaken) throw err;
    }
  }
}
