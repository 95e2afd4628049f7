import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Variant {
  /** Its folder. */
  readonly name: string;
  /** RFC 6381. */
  readonly codec: string;
  /** What its coder was allowed, where it was: rungs of a ladder are told apart by it, however plain the music. */
  readonly kbps?: number;
}

/** Bits a second of one variant: of its heaviest segment, and over all. */
interface Rates {
  readonly peak: number;
  readonly average: number;
}

/**
 * Writes a master playlist (RFC 8216 §4.3.4.2) over the variants' own playlists beside it. The rates are counted:
 * ffmpeg declares those that it was asked for, which MPEG-TS exceeds.
 */
export async function writeMaster(folder: string, file: string, variants: readonly Variant[]): Promise<void> {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  for (const { name, codec, kbps = 0 } of variants) {
    // oxlint-disable-next-line no-await-in-loop -- four at most
    const { peak, average } = await readRates(join(folder, name));
    const most = Math.max(peak, kbps * 1000);
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=${most},AVERAGE-BANDWIDTH=${average},CODECS="${codec}"`);
    lines.push(`${name}/index.m3u8`);
  }
  await writeFile(join(folder, file), `${lines.join('\n')}\n`);
}

/** Average rate of a variant in kbit/s. */
export async function readKbps(folder: string): Promise<number> {
  return Math.max(1, Math.round((await readRates(folder)).average / 1000));
}

async function readRates(folder: string): Promise<Rates> {
  const playlist = await readFile(join(folder, 'index.m3u8'), 'utf8');
  const segments = [...playlist.matchAll(/^#EXTINF:([\d.]+),.*\n([^#\n]+)$/gm)];
  let [bits, seconds, peak] = [0, 0, 0];
  for (const [, length = '', name = ''] of segments) {
    // oxlint-disable-next-line no-await-in-loop -- a stat takes microseconds
    const size = (await stat(join(folder, name))).size * 8;
    bits += size;
    seconds += Number(length);
    // a tail of some milliseconds is all headers, and says nothing of the rate
    if (Number(length) >= 0.5 || segments.length === 1) peak = Math.max(peak, size / Number(length));
  }
  return { peak: Math.ceil(peak), average: Math.ceil(bits / seconds) };
}
