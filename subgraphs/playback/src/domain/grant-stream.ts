import type { Context } from '../context.ts';
import { GRANT_LIFE_MS, GRANT_SLACK_MS, signGrant } from '../grant.ts';
import { isOwner, mayPlayClosed } from '../playable.ts';
import { findPlayed } from './find-played.ts';

const DOWNLOAD_TTL_MS = 15 * 60_000;

/** A URL that plays a track, or null where the viewer may not or it can't be played yet. */
export async function grantStream(context: Context, trackId: string) {
  const track = await findPlayed(context, trackId);
  if (!track) return null;
  const expiresAt = Date.now() + Math.min(track.durationMs + GRANT_SLACK_MS, GRANT_LIFE_MS);
  const isOwn = mayPlayClosed(track, context.viewer);
  const { id, hlsPrefix: prefix } = track;
  const grant = signGrant(context.grantKey, { trackId: id, prefix, expiresAt, isOwn });
  return {
    hlsUrl: `${context.publicUrl()}/hls/${grant}/master.m3u8`,
    expiresAt: new Date(expiresAt),
    renditions: track.renditions.map(({ kbps, codec }) => ({ bitrateKbps: kbps, codec })),
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
