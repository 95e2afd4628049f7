import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { UpdateTrackInput } from '../generated/graphql.ts';
import { setGenres } from '../genres/spell-genres.ts';
import type { Track } from '../models.ts';
import { describeTrack } from './describe-track.ts';
import { withTagKeys } from './fold-word.ts';
import { Genre, keyOfTitle, line, Title, Year } from './input.ts';
import { ownTrack } from './own-track.ts';

const MAX_TAGS = 50;

/** What is left out stays as it is; null takes a year or a genre away. */
const Input = z.object({
  title: Title.nullish(),
  year: Year.nullish(),
  genre: Genre.nullish(),
  tags: z.array(line('a tag', 60)).max(MAX_TAGS, `a track has at most ${MAX_TAGS} tags`).nullish(),
});

/** Changes what the owner says of a track, and states the track anew. */
export async function updateTrack(deps: Deps, viewer: Viewer, raw: UpdateTrackInput): Promise<Track> {
  const { id } = await ownTrack(deps, viewer, raw.trackId);
  const { title, year, genre, tags } = readInput(Input, raw);
  const track = await deps.db.$transaction(async (tx) => {
    const updated = await tx.track.update({
      where: { id },
      data: {
        ...(title ? { title, titleKey: keyOfTitle(title), titleGiven: true } : {}),
        ...(year === undefined ? {} : { year }),
        ...(tags ? { ...withTagKeys(tags), tagsGiven: true } : {}),
      },
    });
    if (genre !== undefined) await setGenre(tx, id, genre);
    await describeTrack(tx, id);
    return updated;
  });
  deps.wake();
  return track;
}

async function setGenre(tx: Transaction, trackId: string, name: string | null): Promise<void> {
  await setGenres(tx, trackId, 'USER', name ? [{ name, confidence: 1 }] : []);
}
