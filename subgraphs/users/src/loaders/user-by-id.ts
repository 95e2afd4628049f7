import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { User } from '../models.ts';

export type UserById = DataLoader<string, User | null>;

/** One query for all the users that a request names. */
export function createUserById(db: Database): UserById {
  return new DataLoader(async (ids) => {
    const users = await db.user.findMany({ where: { id: { in: [...ids] } } });
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? null);
  });
}
