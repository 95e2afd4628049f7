import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import { readStorage, type StorageUse } from '../uploads/storage.ts';

export type StorageByUser = DataLoader<string, StorageUse>;

/** One statement for all the users that a request names. */
export function createStorageByUser(db: Database): StorageByUser {
  return new DataLoader((ids) => readStorage(db, ids));
}
