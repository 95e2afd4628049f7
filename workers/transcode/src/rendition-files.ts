import { stat } from 'node:fs/promises';

import type { DataOf, trackTranscoded } from '@volna/events';

import { RENDITIONS_KBPS } from './encode.ts';
import type { Run, Tools } from './ffmpeg.ts';
import { pack, type PackTarget } from './pack.ts';
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

/** Each rung as a file of its own, to be downloaded, and `lossless.m3u8`, for players that can take it, over a FLAC file. */
export async function packRenditions(tools: Tools, target: PackTarget, run: Run): Promise<Media> {
  const { hls, exact } = target;
  await pack(tools, target, run);
  const renditions = RENDITIONS_KBPS.map(async (kbps) => {
    const { size } = await stat(`${hls}/files/${kbps}.m4a`);
    return { ...renditionOf(kbps), fileBytes: size };
  });
  return {
    renditions: await Promise.all(renditions),
    lossless: exact === null ? null : await describeExact(hls, exact),
  };
}

/** The FLAC file is kept, too, where it lies beside its segments. */
async function describeExact(hls: string, file: string): Promise<Media['lossless']> {
  await writeMaster(hls, 'lossless.m3u8', [{ name: 'flac', codec: EXACT_CODEC }]);
  const fileBytes = file === `${hls}/${EXACT_FILE}` ? (await stat(file)).size : null;
  return { codec: EXACT_CODEC, kbps: await readKbps(`${hls}/flac`), fileBytes };
}
