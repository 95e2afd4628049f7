import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type DemoFile, renderDemoLibrary } from './render.ts';

const ONLY = ['save-point', 'leap', 'boss', 'pier-waltz'];
const run = promisify(execFile);

interface Probe {
  format: { duration: string; tags?: Record<string, string> };
  streams: { codec_type: string; width?: number; tags?: Record<string, string> }[];
}

/** All tags of a file by their names in lower case, wherever its container keeps them. */
async function probe(file: string) {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-of',
    'json',
    '-show_format',
    '-show_streams',
    file,
  ]);
  const { format, streams } = JSON.parse(stdout) as Probe;
  const all = { ...streams.find(({ codec_type: type }) => type === 'audio')?.tags, ...format.tags };
  const tags = Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
  return { tags, seconds: Number(format.duration), picture: streams.find(({ width }) => width) };
}

describe('the demo library on disk', () => {
  let directory: string;
  let files: DemoFile[];
  const steps: string[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'volna demo '));
    files = await renderDemoLibrary(directory, {
      only: ONLY,
      onProgress: ({ done, total }) => steps.push(`${done}/${total}`),
    });
  }, 240_000);

  afterAll(() => rm(directory, { recursive: true }));

  it('reports each file as it is made', () => {
    expect(steps).toEqual(['1/4', '2/4', '3/4', '4/4']);
    expect(files.map(({ file, format }) => extname(file) === `.${format}`)).toEqual([true, true, true, true]);
  });

  it('writes tags that ffprobe reads, Cyrillic included', async () => {
    for (const { file, title, artist, album, trackNumber, year, genre } of files) {
      const { tags, seconds } = await probe(file);
      expect(tags).toMatchObject({
        title,
        artist,
        album,
        genre,
        track: String(trackNumber),
        date: String(year),
      });
      expect(seconds).toBeGreaterThan(20);
    }
    expect(files.map(({ title }) => title)).toContain('Босс третьего уровня');
  });

  it('puts the cover into each of these formats', async () => {
    for (const { file } of files) expect((await probe(file)).picture).toMatchObject({ width: 640 });
  });

  it('keeps what is there', async () => {
    const before = await Promise.all(files.map(async ({ file }) => (await stat(file)).mtimeMs));
    const again = await renderDemoLibrary(directory, { only: ONLY });
    expect(again).toEqual(files);
    expect(await Promise.all(again.map(async ({ file }) => (await stat(file)).mtimeMs))).toEqual(before);
  });

  it('makes a lost file again, byte for byte', async () => {
    const { file } = files.find(({ format }) => format === 'ogg')!;
    const before = await readFile(file);
    await rm(file);
    await renderDemoLibrary(directory, { only: ['leap'] });
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  it('falls back to WAV where there is no ffmpeg', async () => {
    const [bare] = await renderDemoLibrary(join(directory, 'bare'), {
      only: ['save-point'],
      ffmpegPath: join(directory, 'no-such-ffmpeg'),
    });
    expect(bare).toMatchObject({ format: 'wav' });
    expect((await readFile(bare!.file)).toString('latin1', 0, 4)).toBe('RIFF');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const making = renderDemoLibrary(join(directory, 'stopped'), {
      only: ['leap', 'save-point'],
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(making).rejects.toThrow('aborted');
  });
});
