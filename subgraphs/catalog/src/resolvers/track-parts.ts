import { z } from 'zod';

import { maySee, mayManage } from '../domain/visibility.ts';
import { standInOf } from '../duplicates/stand-in.ts';
import type { DuplicateProposalResolvers, TrackResolvers } from '../generated/graphql.ts';
import type { Track } from '../models.ts';

const Lines = z.array(z.object({ startMs: z.number(), text: z.string() })).nullable();

/** Fields of a track that come from elsewhere than its row, or are for its owner alone. */
export const trackParts: Pick<TrackResolvers, 'lyrics' | 'mergedInto' | 'duplicates'> = {
  async lyrics({ id }, _args, { lyricsByTrack }) {
    const lyrics = await lyricsByTrack.load(id);
    return lyrics && { text: lyrics.text, language: lyrics.language, lines: Lines.parse(lyrics.lines) };
  },
  async mergedInto(track, _args, { trackById, viewer }) {
    const standIn = await standInOf(trackById, track);
    return standIn && maySee(viewer, standIn) ? standIn : null;
  },
  duplicates: (track, _args, { duplicatesByTrack, viewer }) =>
    mayManage(viewer, track) ? duplicatesByTrack.load(track.id) : null,
};

/** Whoever sees a proposal may see both of its tracks; the foreign keys keep them. */
export const DuplicateProposal: DuplicateProposalResolvers = {
  track: ({ trackId }, _args, { trackById }) => trackById.load(trackId) as Promise<Track>,
  other: ({ otherId }, _args, { trackById }) => trackById.load(otherId) as Promise<Track>,
};
