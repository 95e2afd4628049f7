import { ClientError } from '@volna/platform/errors';
import { followRow } from '@volna/platform/follow-row';
import type { Viewer } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import type { Track } from '../models.ts';
import type { ProcessingSignals } from '../processing-signals.ts';
import { readId } from './read-id.ts';
import { mayManage } from './visibility.ts';

export interface WatchDeps {
  readonly db: Database;
  readonly signals: ProcessingSignals;
  readonly viewer: Viewer | null;
}

/** The processing of a track of the viewer's own: its present state, then each newer one, then the last. */
export async function watchProcessing(
  deps: WatchDeps,
  rawId: string,
  sinceSeq: number,
): Promise<AsyncIterableIterator<Track>> {
  const id = readId('Track', rawId);
  if (!id || !(await readTrack(deps, id))) throw noTrack();
  let seen = sinceSeq;
  return followRow({
    watch: (moved) => deps.signals.watch(id, moved),
    read: () => readTrack(deps, id),
    isNews({ seq }) {
      const isNewer = seq > seen;
      seen = Math.max(seen, seq);
      return isNewer;
    },
    isLast: ({ status }) => status !== 'PROCESSING',
    gone: noTrack,
  });
}

async function readTrack({ db, viewer }: WatchDeps, id: string): Promise<Track | null> {
  const track = await db.track.findUnique({ where: { id } });
  return track && mayManage(viewer, track) ? track : null;
}

const noTrack = () => new ClientError('NOT_FOUND', 'there is no such track of yours');
