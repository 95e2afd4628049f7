import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';

import { decodeAgain } from './decode-again.ts';
import { openTranscodeSite, PREFIX, type TranscodeSite } from './testing/site.ts';
import { findTools, makeAudio, missing } from './testing/tools.ts';

const suite = missing === null ? describe : describe.skip;
const AGAIN = 'tracks/one/2';

suite(missing === null ? 'decodeAgain' : `decodeAgain (skipped: ${missing})`, () => {
  let site: TranscodeSite;

  beforeAll(async () => {
    site = await openTranscodeSite();
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  const decode = (originalKey: string) =>
    decodeAgain(
      { objects: site.objects, ...findTools() },
      {
        jobId: newId('Job'),
        attempt: 1,
        trackId: newId('Track'),
        originalKey,
        outputPrefix: AGAIN,
        maxSeconds: 60,
      },
      { signal: new AbortController().signal, report: () => {} },
    );
  const read = async (key: string) => {
    const file = site.scratch.path(key.replaceAll('/', '-'));
    await site.objects.getFile(key, file);
    const bytes = Uint8Array.from(await readFile(file));
    return new Float32Array(bytes.buffer);
  };

  it('gives the PCM that transcoding gave, and nothing else', async () => {
    const sound = ['-f', 'lavfi', '-i', 'sine=440:duration=2', '-ac', '2', '-c:a', 'libmp3lame'];
    const { pcmKey } = await site.transcode(await makeAudio(site.scratch.path('tone.mp3'), ...sound));

    const again = await decode('originals/one');
    expect(again).toEqual({ pcmKey: `${AGAIN}/pcm.f32` });
    // rounded otherwise where nothing else is made of the samples
    const [now, before] = [await read(again.pcmKey), await read(pcmKey)];
    expect(now.length).toBe(before.length);
    const off = now.map((value, at) => Math.abs(value - (before[at] ?? NaN)));
    expect(Math.max(...off)).toBeLessThan(1e-5);
    expect(Math.max(...now)).toBeGreaterThan(0.05);
    expect(await site.objects.list(`${AGAIN}/`)).toEqual([again.pcmKey]);
    expect(await site.objects.head(`${PREFIX}/hls/master.m3u8`)).not.toBeNull();
  });

  it('leaves nothing of what cannot be decoded or is not there', async () => {
    await site.objects.delete(await site.objects.list(`${AGAIN}/`));
    await site.objects.put('originals/none', Buffer.from('not audio'));

    await expect(decode('originals/none')).rejects.toMatchObject({ retryable: false });
    await expect(decode('originals/gone')).rejects.toMatchObject({ code: 'ORIGINAL_MISSING' });
    expect(await site.objects.list(`${AGAIN}/`)).toEqual([]);
  });
});
