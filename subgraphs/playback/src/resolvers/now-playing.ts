import type { DeviceType, NowListeningResolvers, NowPlayingResolvers } from '../generated/graphql.ts';

export const NowPlaying: NowPlayingResolvers = {
  track: ({ trackId }) => ({ id: trackId }),
  startedAt: ({ playedAt }) => playedAt,
  positionMs: ({ positionMs, playedMs }) => positionMs ?? playedMs,
  at: ({ lastAt }) => lastAt,
  deviceType: ({ deviceType }) => deviceType as DeviceType,
};

export const NowListening: NowListeningResolvers = {
  user: ({ userId }) => ({ id: userId }),
};
