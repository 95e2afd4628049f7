import { spawn } from 'node:child_process';

import type { DemoFormat } from './library.ts';

export interface Ffmpeg {
  path: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
}

export interface Tags {
  title: string;
  artist: string;
  album: string;
  track: string;
  date: string;
  genre: string;
}

interface Format {
  encoder: string;
  args: readonly string[];
  /** How the file can carry a picture: as a stream, as a comment, or not at all. */
  cover: 'stream' | 'comment' | 'none';
}

const FORMATS: Record<DemoFormat, Format> = {
  mp3: { encoder: 'libmp3lame', args: ['-q:a', '2', '-id3v2_version', '4', '-f', 'mp3'], cover: 'stream' },
  flac: { encoder: 'flac', args: ['-compression_level', '5', '-f', 'flac'], cover: 'stream' },
  wav: { encoder: 'pcm_s16le', args: ['-f', 'wav'], cover: 'none' },
  ogg: { encoder: 'libvorbis', args: ['-q:a', '6', '-f', 'ogg'], cover: 'comment' },
  opus: { encoder: 'libopus', args: ['-b:a', '128k', '-f', 'opus'], cover: 'comment' },
  m4a: { encoder: 'aac', args: ['-b:a', '192k', '-f', 'ipod', '-movflags', '+faststart'], cover: 'stream' },
  aiff: { encoder: 'pcm_s16be', args: ['-write_id3v2', '1', '-f', 'aiff'], cover: 'stream' },
};

/** The format to use for a wish: itself if this ffmpeg has the encoder, else FLAC, else WAV. */
export function chooseFormat(wish: DemoFormat, encoders: ReadonlySet<string>): DemoFormat {
  return [wish, 'flac' as const].find((format) => encoders.has(FORMATS[format].encoder)) ?? 'wav';
}

/** Names of the audio encoders that this ffmpeg has; none if it does not run. */
export async function listEncoders(ffmpeg: Ffmpeg): Promise<Set<string>> {
  const text = await runFfmpeg(ffmpeg, ['-encoders']).catch(() => '');
  ffmpeg.signal?.throwIfAborted();
  return new Set([...text.matchAll(/^ A\S{5} (\S+)/gm)].map((match) => match[1]!));
}

/** Encodes a WAV with tags and, where the format can, a cover. Byte for byte the same each time. */
export async function encodeFile(
  ffmpeg: Ffmpeg,
  format: DemoFormat,
  files: { wav: string; cover: { file: string; png: Buffer }; target: string },
  tags: Tags,
): Promise<void> {
  const { encoder, args, cover } = FORMATS[format];
  const picture = cover === 'comment' ? pictureBlock(files.cover.png) : undefined;
  const input = ['-i', files.wav, '-f', 'ffmetadata', '-i', 'pipe:0'];
  const maps = ['-map', '0:a', '-map_metadata', '1'];
  if (cover === 'stream') {
    input.push('-i', files.cover.file);
    maps.push('-map', '2:v', '-c:v', 'copy', '-disposition:v', 'attached_pic');
    maps.push('-metadata:s:v', 'title=Album cover', '-metadata:s:v', 'comment=Cover (front)');
  }
  const exact = ['-fflags', '+bitexact', '-flags:a', '+bitexact'];
  const metadata = describe({ ...tags, ...(picture && { METADATA_BLOCK_PICTURE: picture }) });
  await runFfmpeg(
    ffmpeg,
    ['-y', ...input, ...maps, ...exact, '-c:a', encoder, ...args, files.target],
    metadata,
  );
}

function describe(tags: Record<string, string>): string {
  const lines = Object.entries(tags).map(([name, value]) => `${name}=${value.replace(/[=;#\\\n]/g, '\\$&')}`);
  return [';FFMETADATA1', ...lines, ''].join('\n');
}

function words(...values: number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) out.writeUInt32BE(value, i * 4);
  return out;
}

/** FLAC's picture block in base64, which is how Vorbis comments carry a cover. */
function pictureBlock(png: Buffer): string {
  const type = 'image/png';
  const frontCover = 3;
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  return Buffer.concat([
    words(frontCover, type.length),
    Buffer.from(type, 'latin1'),
    words(0, width, height, 24, 0, png.length),
    png,
  ]).toString('base64');
}

async function runFfmpeg(ffmpeg: Ffmpeg, args: string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpeg.path, ['-hide_banner', '-v', 'error', '-threads', '1', ...args], {
      env: ffmpeg.env,
      signal: ffmpeg.signal,
      killSignal: 'SIGKILL',
    });
    let out = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`ffmpeg ended with ${code}: ${complaint.trim().slice(-500)}`));
    });
    // A child that ends before it has read everything is judged by its exit code, not by this pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
