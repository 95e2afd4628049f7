import type { Context } from '../context.ts';
import { signGrant } from '../grant.ts';
import { isOwner } from '../playable.ts';
import { findPlayed } from './find-played.ts';

/** A listener may pause: a stream's URLs outlive the track by this much. */
const SLACK_MS = 60 * 60_000;
const DOWNLOAD_TTL_MS = 15 * 60_000;

/** A URL that plays a track, or null where the viewer may not or it can't be played yet. */
export async function grantStream(context: Context, trackId: string) {
  const track = await findPlayed(context, trackId);
  if (!track) return null;
  const expiresAt = Date.now() + track.durationMs + SLACK_MS;
  const grant = signGrant(context.grantKey, { prefix: track.hlsPrefix, expiresAt });
  return {
    hlsUrl: `${context.publicUrl()}/hls/${grant}/master.m3u8`,
    expiresAt: new Date(expiresAt),
    renditions: track.renditions.map(({ kbps, codec }) => ({ bitrateKbps: kbps, codec })),
  };
}

/** A URL that fetches the original, for its owner. */
export async function grantDownload(context: Context, trackId: string) {
  const track = await context.playableById.load(trackId);
  if (!track || !isOwner(track, context.viewer)) return null;
  const options = { downloadName: track.originalName };
  const { url, expiresAt } = await context.objects.signGet(track.originalKey, DOWNLOAD_TTL_MS, options);
  return { url, expiresAt, sizeBytes: track.originalBytes };
}
