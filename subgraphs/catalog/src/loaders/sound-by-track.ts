import DataLoader from 'dataloader';

import type { Database } from '../database.ts';
import type { TrackSound } from '../generated/prisma/client.ts';

type Sound = Pick<TrackSound, 'trackId' | 'peaks' | 'authenticity'>;
export type SoundByTrack = DataLoader<string, Sound | null>;

/** Waveforms and authenticity, without the vectors that no resolver shows. */
export function createSoundByTrack(db: Database): SoundByTrack {
  return new DataLoader(async (trackIds) => {
    const sounds = await db.trackSound.findMany({
      where: { trackId: { in: [...trackIds] } },
      select: { trackId: true, peaks: true, authenticity: true },
    });
    const byTrack = new Map(sounds.map((sound) => [sound.trackId, sound]));
    return trackIds.map((id) => byTrack.get(id) ?? null);
  });
}
