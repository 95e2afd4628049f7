import { reindexMoved } from '@volna/events';

import type { Deps } from '../context.ts';
import type { Database } from '../database.ts';
import { follow } from '../domain/follow.ts';
import type { SearchVersion } from '../generated/prisma/client.ts';

export interface Reindexing {
  readonly version: number;
  readonly status: 'RUNNING' | 'DONE';
  readonly total: number;
  readonly done: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/** Tracks that catalog has stated since a making began. */
export async function countRestated(db: Database, { startedAt }: Reindexing): Promise<number> {
  return await db.indexedTrack.count({ where: { describedAt: { gte: startedAt } } });
}

/** How the last making goes. */
export async function readReindexing(db: Database): Promise<Reindexing> {
  return toReindexing(await db.searchVersion.findFirstOrThrow({ orderBy: { version: 'desc' } }));
}

/** The state of the last making, then each change until it is done. */
export function followReindexing({ db, bus }: Pick<Deps, 'db' | 'bus'>): AsyncIterableIterator<Reindexing> {
  let told = '';
  return follow(
    bus,
    reindexMoved,
    () => true,
    async () => {
      const now = await readReindexing(db);
      const text = JSON.stringify(now);
      const values = text === told ? [] : [now];
      told = text;
      return { values, ended: now.status === 'DONE' };
    },
  );
}

export function toReindexing({ version, state, total, done, startedAt, endedAt }: SearchVersion): Reindexing {
  // what came while it was made was made with it
  return {
    version,
    status: state === 'BUILDING' ? 'RUNNING' : 'DONE',
    total: Math.max(total, done),
    done,
    startedAt,
    endedAt,
  };
}
