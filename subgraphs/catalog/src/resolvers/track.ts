import { authenticityOf } from '../authenticity/stored.ts';
import { moodsOf } from '../domain/moods.ts';
import { signCover } from '../domain/sign-cover.ts';
import { mayManage } from '../domain/visibility.ts';
import { waveformOf } from '../domain/waveform.ts';
import type { TrackResolvers } from '../generated/graphql.ts';
import type { Artist } from '../models.ts';
import { trackParts } from './track-parts.ts';

export const Track: TrackResolvers = {
  __resolveReference: (reference, { findTrack }) =>
    findTrack('id' in reference ? reference.id : reference.nodeKey),
  ...trackParts,
  nodeKey: ({ id }) => id,
  // the foreign key keeps it from being null
  artist: ({ artistId }, _args, { artistById }) => artistById.load(artistId) as Promise<Artist>,
  async credits({ id }, { roles }, { creditsByTrack }) {
    const credits = await creditsByTrack.load(id);
    return roles ? credits.filter(({ role }) => roles.includes(role)) : credits;
  },
  genres: ({ id }, _args, { genresByTrack }) => genresByTrack.load(id),
  // measurements are made by the same job that finds the length
  audio: (track) => (track.durationMs === null ? null : { ...track, moods: moodsOf(track) }),
  waveform: async ({ id }, { points }, { soundByTrack }) => waveformOf(await soundByTrack.load(id), points),
  cover: (track, { size }, { objects }) => signCover(objects, track.cover, size ?? 'MEDIUM'),
  async authenticity(track, _args, { soundByTrack, reviewByTrack, viewer }) {
    const sound = await soundByTrack.load(track.id);
    return authenticityOf(sound, await reviewByTrack.load(track.id), mayManage(viewer, track));
  },
  moderation: (track, _args, { viewer }) => (mayManage(viewer, track) ? track.moderation : null),
  moderationCase: (track, _args, { viewer, caseByTarget }) =>
    mayManage(viewer, track) ? caseByTarget.load(track.id) : null,
  processing: (track, _args, { viewer }) => (mayManage(viewer, track) ? track : null),
};
