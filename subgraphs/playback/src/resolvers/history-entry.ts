import { isCounted } from '../domain/counting.ts';
import type { DeviceType, HistoryEntryResolvers, PlaybackSource } from '../generated/graphql.ts';

export const HistoryEntry: HistoryEntryResolvers = {
  source: ({ source }) => source as PlaybackSource,
  deviceType: ({ deviceType }) => deviceType as DeviceType,
  track: ({ trackId }) => ({ id: trackId }),
  async isCounted({ trackId, playedMs, beganMs }, _args, { playableById }) {
    const track = await playableById.load(trackId);
    return isCounted(playedMs - beganMs, track?.durationMs ?? 0);
  },
  async completion({ trackId, playedMs }, _args, { playableById }) {
    const track = await playableById.load(trackId);
    return track && track.durationMs > 0 ? Math.min(1, playedMs / track.durationMs) : 0;
  },
};
