import createCommand, { type FfmpegCommand } from 'fluent-ffmpeg';

import { RENDITIONS_KBPS, SEGMENTS } from './encode.ts';
import { type Run, runFfmpeg, type Tools } from './ffmpeg.ts';
import type { Gapless } from './gapless.ts';

/** Of a packet in AAC-LC. */
const FRAME_SAMPLES = 1024;

export interface PackTarget {
  /** The folder of the renditions; gets a file of each in `files`. */
  readonly hls: string;
  /** A FLAC file to be cut into segments; null for none. */
  readonly exact: string | null;
  readonly gapless: Gapless | null;
}

/** Joins the segments of each rendition to one M4A file and cuts the FLAC file into segments, coded as they are. */
export async function pack(tools: Tools, { hls, exact, gapless }: PackTarget, run: Run): Promise<void> {
  const command = createCommand();
  // our own playlists: what is refused in an upload is wanted here
  for (const kbps of RENDITIONS_KBPS) command.input(`file:${hls}/${kbps}/index.m3u8`);
  if (exact) command.input(`file:${exact}`);
  for (const [i, kbps] of RENDITIONS_KBPS.entries()) {
    command
      .output(`${hls}/files/${kbps}.m4a`)
      .outputOptions('-map', `${i}:a:0`, '-c:a', 'copy', '-map_metadata', '-1', '-movflags', '+faststart')
      .outputOptions('-f', 'ipod', ...(gapless ? withoutGaps(gapless) : []));
  }
  if (exact) addExactSegments(command, RENDITIONS_KBPS.length, hls);
  await runFfmpeg(tools, command, run);
}

/**
 * Has the file say where the music is, as MPEG-TS cannot: what comes before time zero is the coder's delay, and the last
 * packet lasts as long as there is music. The muxer makes an edit list of it, and players leave out the rest.
 */
function withoutGaps({ sampleRate, delaySamples, samples }: Gapless): string[] {
  const at = `N*${FRAME_SAMPLES}-${delaySamples}`;
  const lasts = `max(1,min(${FRAME_SAMPLES},${samples}-(${at})))`.replaceAll(',', '\\,');
  const timed = `setts=ts=${at}:duration=${lasts}:time_base=1/${sampleRate}`;
  // in milliseconds, as it is unless told, the edit list would be off by samples
  return ['-bsf:a', timed, '-avoid_negative_ts', 'disabled', '-movie_timescale', String(sampleRate)];
}

/** MPEG-TS has no place for FLAC. */
function addExactSegments(command: FfmpegCommand, input: number, hls: string): void {
  command
    .output(`${hls}/flac/index.m3u8`)
    .outputOptions('-map', `${input}:a:0`, '-c:a', 'copy')
    .outputOptions(...SEGMENTS)
    // ffmpeg 5 calls FLAC in MP4 experimental
    .outputOptions('-hls_segment_type', 'fmp4', '-strict', '-2')
    .outputOptions('-hls_fmp4_init_filename', 'init.mp4', '-hls_segment_filename', `${hls}/flac/%05d.m4s`);
}
