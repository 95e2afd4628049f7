import type { Context } from '../context.ts';
import { findPlayed } from '../domain/find-played.ts';
import { gainOf } from '../loudness/gains.ts';
import type { StreamGrant } from '../models.ts';
import { mayPlayClosed } from '../playable.ts';
import { OPENING_MS, signGrant } from './grant.ts';

/** URLs that play a track, or null where the viewer may not or it can't be played yet. */
export async function grantStream(context: Context, trackId: string): Promise<StreamGrant | null> {
  const track = await findPlayed(context, trackId);
  if (!track) return null;
  // what is in work belongs to a try, which takes it back where it fails
  if (track.isGrowing && !(await context.objects.head(`${track.hlsPrefix}/master.m3u8`))) return null;
  const { id, hlsPrefix: prefix, durationMs, lossless, loudnessLufs, truePeakDbtp } = track;
  const expiresAt = Date.now() + OPENING_MS;
  const userId = context.viewer?.userId ?? null;
  const isOwn = mayPlayClosed(track, context.viewer);
  const grant = signGrant(context.grantKey, {
    kind: 'open',
    trackId: id,
    prefix,
    userId,
    isOwn,
    expiresAt,
    durationMs,
  });
  const folder = `${context.publicUrl()}/hls/${grant}`;
  return {
    trackId,
    hlsUrl: `${folder}/master.m3u8`,
    losslessHlsUrl: lossless ? `${folder}/lossless.m3u8` : null,
    expiresAt: new Date(expiresAt),
    renditions: track.renditions.map(({ kbps, codec }) => ({ bitrateKbps: kbps, codec })),
    gapless: track.gapless,
    trackGainDb: gainOf(loudnessLufs),
    truePeakDbtp,
  };
}
