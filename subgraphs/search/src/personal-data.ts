import { TrackId, UserId } from '@volna/events';
import type { PersonalData, PersonalTable } from '@volna/platform/personal-data';

import { markDueOf } from './collaborative/mark-due.ts';
import type { Deps } from './context.ts';
import { forgetTitles } from './domain/forget-titles.ts';
import { forgetTrack } from './domain/forget-track.ts';

const OF_WAVES = 'wave_id IN (SELECT id FROM wave WHERE user_id = $1)';

const TABLES: readonly PersonalTable[] = [
  { table: 'reaction', where: 'user_id = $1' },
  { table: 'listen', where: 'user_id = $1' },
  { table: 'taste_anchor', where: 'user_id = $1' },
  { table: 'taste_signal', where: 'user_id = $1' },
  { table: 'taste_choice', where: 'user_id = $1' },
  { table: 'shelf', where: 'user_id = $1' },
  { table: 'blocked_artist', where: 'user_id = $1' },
  { table: 'listener', where: 'user_id = $1' },
  { table: 'wave_item', where: OF_WAVES },
  { table: 'wave_feedback', where: OF_WAVES },
  { table: 'wave_log', where: OF_WAVES },
  { table: 'wave', where: 'user_id = $1', omit: ['state', 'begun', 'random_seed'] },
  { table: 'audio_search', where: 'user_id = $1' },
  { table: 'album_tracks', where: 'album_id IN (SELECT id FROM search_entry WHERE owner_id = $1)' },
  { table: 'search_entry', where: 'owner_id = $1' },
  { table: 'indexed_track', where: 'owner_id = $1', omit: ['embedding', 'segments_key', 'announced'] },
];

/** What search keeps of a person: taste, waves, and the index of what they made. */
export function createPersonalData(deps: Deps): PersonalData {
  return {
    service: 'search',
    tables: TABLES,
    announce: markDueOf,
    async eraseElsewhere(userId) {
      const ownerId = UserId.parse(userId);
      const entries = await deps.db.searchEntry.findMany({
        where: { ownerId },
        select: { id: true, title: true },
      });
      const places = await forgetTitles(deps.db, entries);
      const tracks = await deps.db.indexedTrack.findMany({ where: { ownerId }, select: { id: true } });
      for (const { id } of tracks) {
        // oxlint-disable-next-line no-await-in-loop -- each locks and deletes in the vector store
        await forgetTrack(deps, { trackId: TrackId.parse(id), ownerId });
      }
      await deps.results.forgetAll();
      return { indexed_track: tracks.length, titles_in_waves: places };
    },
  };
}
