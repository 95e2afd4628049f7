import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { readInput } from '@volna/platform/read-input';
import { z } from 'zod';

import { setCredits } from '../artists/set-credits.ts';
import type { Deps } from '../context.ts';
import { proposeDuplicates } from '../duplicates/propose-duplicates.ts';
import type { UpdateTrackInput } from '../generated/graphql.ts';
import type { Track } from '../models.ts';
import { describeTrack } from './describe-track.ts';
import { givenIn, noteGiven } from './given-fields.ts';
import { keyOfTitle, Title } from './input.ts';
import { ownTrack } from './own-track.ts';
import { columnsOf, saveFields, TRACK_FIELDS } from './track-fields.ts';

const Input = z.object({
  title: Title.nullish(),
  ...TRACK_FIELDS,
});

/** Changes what the owner says of a track, and states the track anew. */
export async function updateTrack(deps: Deps, viewer: Viewer, raw: UpdateTrackInput): Promise<Track> {
  const { id } = await ownTrack(deps, viewer, raw.trackId);
  if (raw.title === null) throw new UserError('BAD_USER_INPUT', 'a title is needed', ['title']);
  const { title, ...fields } = readInput(Input, raw);
  const track = await deps.db.$transaction(async (tx) => {
    await setCredits(tx, viewer, { ...raw, trackId: id });
    const updated = await tx.track.update({
      where: { id },
      data: {
        ...(title ? { title, titleKey: keyOfTitle(title), titleGiven: true } : {}),
        ...columnsOf(fields),
      },
    });
    await noteGiven(tx, id, givenIn(fields));
    await saveFields(tx, id, fields);
    if (title || fields.isrc) await proposeDuplicates(tx, id);
    await describeTrack(tx, id);
    return updated;
  });
  deps.wake();
  return track;
}
