import type { Database } from '../database.ts';
import type { User } from '../models.ts';

/** A user as they are until the transaction ends: whoever wants to change them waits for that. */
export async function holdUser(tx: Pick<Database, '$queryRaw' | 'user'>, id: string): Promise<User> {
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${id} FOR SHARE`;
  return tx.user.findUniqueOrThrow({ where: { id } });
}
