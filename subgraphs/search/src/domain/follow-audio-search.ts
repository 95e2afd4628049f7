import { audioSearchMoved } from '@volna/events';
import { ClientError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { AudioMatch, AudioSearchUpdate } from '../models.ts';
import { follow } from './follow.ts';

/** The present state of a search of this user's, then each other one until it is over. */
export async function followAudioSearch(
  { db, bus }: Pick<Deps, 'db' | 'bus'>,
  userId: string,
  id: string,
): Promise<AsyncIterableIterator<AudioSearchUpdate>> {
  const search = await db.audioSearch.findUnique({ where: { id, userId }, select: { id: true } });
  if (!search) throw new ClientError('NOT_FOUND', 'there is no such search');
  let told: string | null = null;
  return follow(
    bus,
    audioSearchMoved,
    ({ searchId }) => searchId === id,
    async () => {
      const row = await db.audioSearch.findUniqueOrThrow({ where: { id } });
      const values = row.status === told ? [] : [toUpdate(row)];
      told = row.status;
      return { values, ended: row.status === 'DONE' || row.status === 'FAILED' };
    },
  );
}

interface Row {
  readonly status: string;
  readonly matches: unknown;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

function toUpdate({ status, matches, errorCode, errorMessage }: Row): AudioSearchUpdate {
  return {
    status: status as AudioSearchUpdate['status'],
    matches: matches as AudioMatch[],
    error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
  };
}
