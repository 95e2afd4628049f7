import type { Context } from '../context.ts';
import { findPlayed } from '../domain/find-played.ts';
import type { StreamGrant } from '../generated/graphql.ts';
import { isOwner, mayPlayClosed } from '../playable.ts';
import { OPENING_MS, signGrant } from './grant.ts';

const DOWNLOAD_TTL_MS = 15 * 60_000;
/** ReplayGain 2.0's. */
const REFERENCE_LUFS = -18;

/** URLs that play a track, or null where the viewer may not or it can't be played yet. */
export async function grantStream(context: Context, trackId: string): Promise<StreamGrant | null> {
  const track = await findPlayed(context, trackId);
  if (!track) return null;
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
    hlsUrl: `${folder}/master.m3u8`,
    losslessHlsUrl: lossless ? `${folder}/lossless.m3u8` : null,
    expiresAt: new Date(expiresAt),
    renditions: track.renditions.map(({ kbps, codec }) => ({ bitrateKbps: kbps, codec })),
    gapless: track.gapless,
    trackGainDb: loudnessLufs === null ? null : REFERENCE_LUFS - loudnessLufs,
    truePeakDbtp,
  };
}

/** A URL that fetches the original, for its owner. */
export async function grantDownload(context: Context, trackId: string) {
  const track = await context.playableById.load(trackId);
  if (!track || track.isTakenDown || !isOwner(track, context.viewer)) return null;
  const options = { downloadName: track.originalName };
  const { url, expiresAt } = await context.objects.signGet(track.originalKey, DOWNLOAD_TTL_MS, options);
  return { url, expiresAt, sizeBytes: track.originalBytes };
}
