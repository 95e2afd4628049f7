import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import { openScratch } from '@volna/platform/scratch';

import { encode, encodeFirst, FIRST_KBPS } from './encode.ts';
import { readSampleCount } from './gapless.ts';
import { findTools, makeAudio, missing } from './testing/tools.ts';

const suite = missing === null ? describe : describe.skip;

suite(missing === null ? 'the first rendition' : `the first rendition (skipped: ${missing})`, () => {
  it('is what it would be among the others: to count its samples changes none, of 24 bits either', async () => {
    await using scratch = await openScratch();
    const noise = [
      '-f',
      'lavfi',
      '-i',
      'anoisesrc=d=2:a=0.001:c=pink:seed=7',
      '-ac',
      '2',
      '-c:a',
      'pcm_s24le',
    ];
    const file = await makeAudio(scratch.path('noise.wav'), ...noise);
    const [first, others] = [scratch.path('first'), scratch.path('others')];
    for (const hls of [first, others]) await mkdir(hls);
    const tools = findTools();
    const run = { signal: new AbortController().signal, timeoutMs: 60_000 };
    const target = { sampleRate: 48_000, maxSeconds: 60 };
    const rest = { pcm: scratch.path('pcm'), exact: null, ladder: [FIRST_KBPS] };

    const log = await encodeFirst(tools, file, { ...target, hls: first }, run);
    await encode(tools, file, { ...target, ...rest, hls: others }, run);

    expect(readSampleCount(log)).toBe(96_000);
    const decode = async (hls: string) => {
      const args = ['-v', 'error', '-i', `${hls}/${FIRST_KBPS}/index.m3u8`, '-f', 'md5', '-'];
      return (await promisify(execFile)(tools.ffmpeg.path, args, { env: { ...tools.ffmpeg.env } })).stdout;
    };
    expect(await decode(first)).toBe(await decode(others));
  });
});
