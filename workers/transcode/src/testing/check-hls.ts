import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { probeValues } from './tools.ts';

/** Seconds by which ffprobe and a playlist may tell a segment's length differently: a frame of AAC. */
const FRAME_SECONDS = 0.03;

/**
 * What is wrong with a master playlist and all that it names, by the rules of RFC 8216 that can be seen from files: an
 * empty list for nothing.
 */
export async function checkHls(folder: string, file: string): Promise<string[]> {
  const lines = await readLines(join(folder, file));
  const faults = checkHead(file, lines);
  const streams = lines.flatMap((line, i) =>
    line.startsWith('#EXT-X-STREAM-INF:') ? [[line, lines[i + 1] ?? '']] : [],
  );
  if (streams.length === 0) faults.push(`${file}: names no variant`);
  for (const [info = '', uri = ''] of streams) {
    if (!/CODECS="[\w.,]+"/.test(info)) faults.push(`${uri}: no CODECS`);
    // oxlint-disable-next-line no-await-in-loop -- four variants
    const { peak, found } = await checkMedia(folder, uri);
    faults.push(...found);
    const declared = Number(/[:,]BANDWIDTH=(\d+)/.exec(info)?.[1]);
    // §4.3.4.2: at least the heaviest segment's
    if (!(declared >= Math.floor(peak))) faults.push(`${uri}: BANDWIDTH ${declared} for a peak of ${peak}`);
  }
  return faults;
}

async function checkMedia(folder: string, uri: string): Promise<{ peak: number; found: string[] }> {
  const lines = await readLines(join(folder, uri));
  const found = checkHead(uri, lines);
  const base = join(folder, uri, '..');
  const target = Number(valueOf(lines, '#EXT-X-TARGETDURATION:'));
  const isFragmented = lines.some((line) => line.endsWith('.m4s'));
  const map = /URI="([^"]+)"/.exec(valueOf(lines, '#EXT-X-MAP:'))?.[1];
  // §4.3.2.5
  if (isFragmented && (!map || !(await isThere(join(base, map))))) found.push(`${uri}: no EXT-X-MAP`);
  if (lines.at(-1) !== '#EXT-X-ENDLIST') found.push(`${uri}: no end`);
  let [total, peak] = [0, 0];
  for (const [i, line] of lines.entries()) {
    const seconds = Number(/^#EXTINF:([\d.]+),/.exec(line)?.[1] ?? Number.NaN);
    if (Number.isNaN(seconds)) continue;
    total += seconds;
    // §4.3.3.1
    if (Math.round(seconds) > target)
      found.push(`${uri}: a segment of ${seconds} s for a target of ${target}`);
    // oxlint-disable-next-line no-await-in-loop -- a stat takes microseconds
    const size = await stat(join(base, lines[i + 1] ?? '')).then(
      (info) => info.size,
      () => 0,
    );
    if (size === 0) found.push(`${uri}: ${lines[i + 1]} is missing or empty`);
    if (seconds >= 0.5) peak = Math.max(peak, (size * 8) / seconds);
  }
  const heard = Number(await probeValues(join(folder, uri), 'format=duration'));
  if (Math.abs(heard - total) > FRAME_SECONDS * 2) found.push(`${uri}: says ${total} s and holds ${heard} s`);
  return { peak, found };
}

function checkHead(name: string, lines: readonly string[]): string[] {
  const version = Number(valueOf(lines, '#EXT-X-VERSION:'));
  return [
    lines[0] === '#EXTM3U' ? [] : `${name}: does not begin with #EXTM3U`,
    lines.filter((line) => line.startsWith('#EXT-X-VERSION')).length === 1
      ? []
      : `${name}: one version, please`,
    // §7: a map of segments that are no I-frames takes version 6
    version >= (lines.some((line) => line.startsWith('#EXT-X-MAP')) ? 6 : 3)
      ? []
      : `${name}: version ${version}`,
  ].flat();
}

const valueOf = (lines: readonly string[], tag: string) =>
  lines.find((line) => line.startsWith(tag))?.slice(tag.length) ?? '';

async function readLines(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).trimEnd().split('\n');
}

const isThere = (file: string) =>
  stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );
