import { audioSearchMoved, type AudioSearchId, type clipAnalyzed, type DataOf } from '@volna/events';

import type { Deps } from '../context.ts';
import type { AudioMatch } from '../models.ts';
import { recogniseClip } from './recognise-clip.ts';

const NOT_ANALYSED = { code: 'NOT_ANALYZED', message: 'the clip could not be analysed' };

/** Answers an audio search once its clip is analysed; a second delivery changes nothing. */
export async function answerAudioSearch(deps: Deps, event: DataOf<typeof clipAnalyzed>): Promise<void> {
  const { searchId, embedding, fingerprintKey = null, chromaKey = null, error } = event;
  if (!embedding || error) return fail(deps, searchId, error ?? NOT_ANALYSED);
  if (!(await move(deps, searchId, { status: 'PROCESSING' }))) return;
  const matches: AudioMatch[] = await recogniseClip(deps, embedding, { fingerprintKey, chromaKey });
  await move(deps, searchId, { status: 'DONE', matches: matches.map((match) => ({ ...match })) });
}

/** Ends the searches that nobody has answered since a moment. */
export async function failStaleSearches(deps: Deps, before: Date): Promise<void> {
  const stale = await deps.db.audioSearch.findMany({
    where: { status: { in: ['QUEUED', 'PROCESSING'] }, createdAt: { lt: before } },
    select: { id: true },
  });
  const error = { code: 'TIMEOUT', message: 'the clip was not analysed in time' };
  await Promise.all(stale.map(({ id }) => fail(deps, id as AudioSearchId, error)));
}

async function fail(deps: Deps, id: AudioSearchId, { code, message }: typeof NOT_ANALYSED): Promise<void> {
  await move(deps, id, { status: 'FAILED', errorCode: code, errorMessage: message });
}

type Change = Parameters<Deps['db']['audioSearch']['updateMany']>[0]['data'];

/** Gives false for a search that is over or not there. */
async function move({ db, bus }: Deps, id: AudioSearchId, data: Change): Promise<boolean> {
  const { count } = await db.audioSearch.updateMany({
    where: { id, status: { in: ['QUEUED', 'PROCESSING'] } },
    data,
  });
  if (count > 0) bus.signal(audioSearchMoved, { searchId: id });
  return count > 0;
}
