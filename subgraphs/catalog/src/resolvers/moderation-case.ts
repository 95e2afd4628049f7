import { isAdmin } from '../domain/visibility.ts';
import type {
  ContentReportResolvers,
  ModerationActionResolvers,
  ModerationCaseResolvers,
} from '../generated/graphql.ts';

/** Given to the owner of the thing and to an ADMIN; who reported it, and what moderators note, is not for the owner. */
export const ModerationCase: ModerationCaseResolvers = {
  owner: ({ ownerId }) => (ownerId === null ? null : { id: ownerId }),
  reportCount: ({ id }, _args, { reportCountByCase }) => reportCountByCase.load(id),
  reports: ({ id }, _args, { viewer, reportsByCase }) => (isAdmin(viewer) ? reportsByCase.load(id) : null),
  history: ({ id }, _args, { viewer, actionsByCase }) => (isAdmin(viewer) ? actionsByCase.load(id) : null),
  track: ({ targetType, targetId }, _args, { findTrack }) =>
    targetType === 'TRACK' ? findTrack(targetId) : null,
  artist: ({ targetType, targetId }, _args, { findArtist }) =>
    targetType === 'ARTIST' ? findArtist(targetId) : null,
};

export const ContentReport: ContentReportResolvers = {
  reporter: ({ reporterId }) => ({ id: reporterId }),
};

export const ModerationAction: ModerationActionResolvers = {
  actor: ({ actorId }) => (actorId === null ? null : { id: actorId }),
};
