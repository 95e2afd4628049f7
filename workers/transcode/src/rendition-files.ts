import { stat } from 'node:fs/promises';

import type { DataOf, trackTranscoded } from '@volna/events';

import { joinSegments, RENDITIONS_KBPS, segmentExact } from './encode.ts';
import type { Run, Tools } from './ffmpeg.ts';
import { readKbps, type Variant, writeMaster } from './write-master.ts';

type Media = Pick<DataOf<typeof trackTranscoded>, 'renditions' | 'lossless'>;

/** As RFC 6381 writes them: MPEG-4 AAC-LC, and FLAC in MP4. */
const CODEC = 'mp4a.40.2';
const EXACT_CODEC = 'fLaC';

/** Where the samples that lose nothing lie as a file of their own. */
export const EXACT_FILE = 'files/lossless.flac';

/** What is known of a rendition before it is anything but segments. */
export const renditionOf = (kbps: number) => ({ kbps, codec: CODEC });

/** `master.m3u8`, over as much of the ladder as there is. */
export async function writeLadder(hls: string, ladder: readonly number[] = RENDITIONS_KBPS): Promise<void> {
  const variants = ladder.map((kbps): Variant => ({ name: String(kbps), ...renditionOf(kbps) }));
  await writeMaster(hls, 'master.m3u8', variants);
}

/** Each rung as a file of its own, to be downloaded. */
export async function joinRenditions(tools: Tools, hls: string, run: Run): Promise<Media['renditions']> {
  const joined: Media['renditions'] = [];
  for (const kbps of RENDITIONS_KBPS) {
    const file = `${hls}/files/${kbps}.m4a`;
    // oxlint-disable no-await-in-loop -- one process after the other
    await joinSegments(tools, `${hls}/${kbps}/index.m3u8`, file, run);
    joined.push({ ...renditionOf(kbps), fileBytes: (await stat(file)).size });
    // oxlint-enable no-await-in-loop
  }
  return joined;
}

/** `lossless.m3u8`, for players that can take it, over the segments of a FLAC file; that file, too, where it lies beside them. */
export async function writeExact(
  tools: Tools,
  { hls, file }: { hls: string; file: string },
  run: Run,
): Promise<NonNullable<Media['lossless']>> {
  await segmentExact(tools, file, hls, run);
  await writeMaster(hls, 'lossless.m3u8', [{ name: 'flac', codec: EXACT_CODEC }]);
  const fileBytes = file === `${hls}/${EXACT_FILE}` ? (await stat(file)).size : null;
  return { codec: EXACT_CODEC, kbps: await readKbps(`${hls}/flac`), fileBytes };
}
