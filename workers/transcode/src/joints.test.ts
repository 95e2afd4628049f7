import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openTranscodeSite, type TranscodeSite } from './testing/site.ts';
import { findTools, makeAudio, missing } from './testing/tools.ts';

const run = promisify(execFile);
const suite = missing === null ? describe : describe.skip;

const RATE = 44_100;
/** Where one track ends and the next begins, in samples: in the middle of a coder's frame. */
const JOINT = 3 * RATE + 137;
const LENGTH = 6 * RATE + 911;
const CHORD = [261.6, 329.6, 392].map((hz) => `0.2*sin(2*PI*${hz}*n/${RATE})`).join('+');

suite(missing === null ? 'two tracks of one sound' : `two tracks of one sound (skipped: ${missing})`, () => {
  let site: TranscodeSite;

  beforeAll(async () => {
    site = await openTranscodeSite();
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  async function cut(from: number, to: number): Promise<string> {
    const source = `aevalsrc=${CHORD}|${CHORD}:s=${RATE}:d=${LENGTH / RATE}`;
    const filter = `atrim=start_sample=${from}:end_sample=${to}`;
    const file = site.scratch.path(`${from}.wav`);
    return makeAudio(file, '-f', 'lavfi', '-i', source, '-af', filter);
  }

  async function transcode(from: number, to: number) {
    const made = await site.transcode(await cut(from, to));
    return { ...made, folder: await site.download() };
  }

  it('join without a click, by what is told of the coder’s delay, and exactly where nothing is lost', async () => {
    const [first, second] = [await transcode(0, JOINT), await transcode(JOINT, LENGTH)];
    expect(first.gapless).toEqual({ sampleRate: RATE, delaySamples: 1024, samples: JOINT });
    expect(second.gapless?.samples).toBe(LENGTH - JOINT);

    const trim = async ({ folder, gapless }: typeof first, rendition: string) => {
      const { delaySamples = 0, samples = 0 } = gapless ?? {};
      const decoded = await decode(`${folder}/hls/${rendition}/index.m3u8`);
      return decoded.subarray(delaySamples, delaySamples + samples);
    };
    expect(errorAtJoint(await trim(first, '320'), await trim(second, '320'))).toBeLessThan(-50);

    // a file that is downloaded says itself where its music is
    const downloads = [first, second].map(({ folder }) => `${folder}/hls/files/320.m4a`);
    expect(await Promise.all(downloads.map(countSamples))).toEqual([JOINT, LENGTH - JOINT]);
    const [before = new Float32Array(), after = new Float32Array()] = await Promise.all(
      downloads.map(decode),
    );
    expect(errorAtJoint(before, after)).toBeLessThan(-50);

    const exact = await Promise.all(
      [first, second].map(({ folder }) => decode(`${folder}/hls/lossless.m3u8`)),
    );
    expect(exact.map(({ length }) => length)).toEqual([JOINT, LENGTH - JOINT]);
    const [left = new Float32Array(), right = new Float32Array()] = exact;
    // 16 bits of a sound at -8 dBFS
    expect(errorAtJoint(left, right)).toBeLessThan(-85);
  });

  it.each([
    ['16 bits', ['-sample_fmt', 's16'], 's16'],
    ['24 bits at 96 kHz', ['-c:a', 'pcm_s24le', '-ar', '96000'], 's32'],
  ])('are kept bit by bit: %s', async (_name, options, format) => {
    const noise = ['-f', 'lavfi', '-i', 'anoisesrc=d=2.3:c=pink:seed=7', '-ac', '2', ...options];
    const file = await makeAudio(site.scratch.path('noise.wav'), ...noise);
    const { lossless } = await site.transcode(file);
    expect(lossless?.codec).toBe('fLaC');
    const playlist = `${await site.download()}/hls/lossless.m3u8`;
    expect(await readFile(playlist, 'utf8')).toContain('CODECS="fLaC"');
    const { path, env } = findTools().ffmpeg;
    const codec = format === 's16' ? 'pcm_s16le' : 'pcm_s24le';
    const [kept, original] = await Promise.all(
      [playlist, file].map((input) =>
        run(path, ['-v', 'error', '-i', input, '-c:a', codec, '-f', 'md5', '-'], { env: { ...env } }),
      ),
    );
    expect(kept?.stdout).toBe(original?.stdout);
  });

  it('have no such rendition where the original has lost something', async () => {
    const tone = ['-f', 'lavfi', '-i', 'sine=440:duration=1'];
    expect((await site.transcode(await makeAudio(site.scratch.path('a.mp3'), ...tone))).lossless).toBeNull();
    expect(await site.objects.list('tracks/one/1/hls/lossless')).toEqual([]);
  });
});

/** How long a file says that it is. */
async function countSamples(file: string): Promise<number> {
  const { path, env } = findTools().ffprobe;
  const args = ['-v', 'error', '-show_entries', 'stream=duration_ts', '-of', 'default=nk=1:nw=1', file];
  return Number((await run(path, args, { env: { ...env } })).stdout);
}

/** What a decoder makes of a file or a playlist: the left channel. */
async function decode(input: string): Promise<Float32Array> {
  const { path, env } = findTools().ffmpeg;
  const args = ['-v', 'error', '-i', input, '-af', 'pan=mono|c0=c0', '-f', 'f32le', '-'];
  const options = { env: { ...env }, encoding: 'buffer', maxBuffer: 1 << 26 } as const;
  const { stdout } = await run(path, args, options);
  return new Float32Array(stdout.buffer, stdout.byteOffset, stdout.byteLength / 4).slice();
}

/** The error within 1,024 samples around the joint, in dB below the sound. */
function errorAtJoint(left: Float32Array, right: Float32Array): number {
  let [error, sound] = [0, 0];
  for (let n = JOINT - 1024; n < JOINT + 1024; n++) {
    const wanted = [261.6, 329.6, 392].reduce(
      (sum, hz) => sum + 0.2 * Math.sin((2 * Math.PI * hz * n) / RATE),
      0,
    );
    const heard = (n < JOINT ? left[n] : right[n - JOINT]) ?? 0;
    error += (heard - wanted) ** 2;
    sound += wanted ** 2;
  }
  return 10 * Math.log10(error / sound);
}
