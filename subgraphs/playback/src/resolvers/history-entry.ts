import { heardOf } from '../domain/count-listening.ts';
import { isCounted } from '../domain/counting.ts';
import type { DeviceType, HistoryEntryResolvers, PlaybackSource } from '../generated/graphql.ts';

export const HistoryEntry: HistoryEntryResolvers = {
  source: ({ source }) => source as PlaybackSource,
  deviceType: ({ deviceType }) => deviceType as DeviceType,
  track: ({ trackId }) => ({ id: trackId }),
  heardMs: heardOf,
  async isCounted(entry, _args, { playableById }) {
    const track = await playableById.load(entry.trackId);
    return isCounted(heardOf(entry), track?.durationMs ?? Infinity);
  },
  async completion(entry, _args, { playableById }) {
    const track = await playableById.load(entry.trackId);
    return track && track.durationMs > 0 ? Math.min(1, heardOf(entry) / track.durationMs) : 0;
  },
};
