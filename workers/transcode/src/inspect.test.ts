import { readFile, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openScratch, type Scratch } from '@volna/platform/scratch';

import { inspect, type Source } from './inspect.ts';
import { flacBomb } from './testing/flac-bomb.ts';
import { findTools, makeAudio, missing } from './testing/tools.ts';

const suite = missing === null ? describe : describe.skip;

suite(missing === null ? 'inspect' : `inspect (skipped: ${missing})`, () => {
  const signal = new AbortController().signal;
  const tone = ['-f', 'lavfi', '-i', 'sine=440:duration=4'];
  let scratch: Scratch;

  beforeAll(async () => {
    scratch = await openScratch();
  });

  afterAll(async () => {
    await scratch[Symbol.asyncDispose]();
  });

  async function inspectFile(file: string, maxSeconds = 3600): Promise<Source> {
    return inspect(findTools(), file, maxSeconds, signal);
  }

  async function inspectBytes(
    bytes: Uint8Array | string,
    name: string,
    maxSeconds?: number,
  ): Promise<Source> {
    const file = scratch.path(name);
    await writeFile(file, bytes);
    return inspectFile(file, maxSeconds);
  }

  it('measures a file by its packets', async () => {
    const source = await inspectFile(await makeAudio(scratch.path('tone.flac'), ...tone, '-ac', '2'));
    expect(source).toMatchObject({ codec: 'flac', sampleRate: 44_100, channels: 2, picture: null });
    expect(source.seconds).toBeCloseTo(4, 1);
  });

  it.each([
    ['no bytes', '', 'EMPTY_FILE'],
    ['a text', 'This is not a song. '.repeat(500), 'NOT_AUDIO'],
    ['zeros', new Uint8Array(100_000), 'NOT_AUDIO'],
    ['the header of a WAV alone', 'RIFF\xff\xff\xff\xffWAVEfmt ', 'NOT_AUDIO'],
    ['a web page', `<!doctype html><html>${'<p>404</p>'.repeat(300)}`, 'NOT_AUDIO'],
  ])('refuses %s', async (name, bytes, code) => {
    await expect(inspectBytes(bytes, `${name}.mp3`)).rejects.toMatchObject({ code, retryable: false });
  });

  it('refuses random bytes', async () => {
    // a fixed sequence: xorshift
    let state = 20_261_121;
    const bytes = Uint8Array.from({ length: 200_000 }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
    await expect(inspectBytes(bytes, 'random.mp3')).rejects.toMatchObject({ retryable: false });
  });

  it('reads no file that a playlist or a script names', async () => {
    const secret = await makeAudio(scratch.path('secret.aac'), ...tone);
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://${secret}\n#EXT-X-ENDLIST\n`;
    const scripts = [
      playlist,
      playlist.replace(`file://${secret}`, 'secret.aac'),
      "ffconcat version 1.0\nfile 'secret.aac'\n",
    ];
    for (const [i, script] of scripts.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await expect(inspectBytes(script, `list-${i}.mp3`)).rejects.toMatchObject({ code: 'NOT_AUDIO' });
    }
  });

  it('refuses video and codecs that nobody uploads music in', async () => {
    const video = await makeAudio(scratch.path('video.mp4'), '-f', 'lavfi', '-i', 'testsrc=duration=1');
    await expect(inspectFile(video)).rejects.toMatchObject({ code: 'UNSUPPORTED_CODEC' });
    const adpcm = await makeAudio(scratch.path('adpcm.wav'), ...tone, '-c:a', 'adpcm_ms');
    await expect(inspectFile(adpcm)).rejects.toMatchObject({ code: 'UNSUPPORTED_CODEC' });
  });

  it('ends the hundred hours of a small file at once, whatever it declares', async () => {
    const hundredHours = 360_000;
    await expect(inspectBytes(flacBomb(hundredHours), 'bomb.flac')).rejects.toMatchObject({
      code: 'TOO_LONG',
    });
    const modest = inspectBytes(flacBomb(hundredHours, 1), 'forged.flac');
    await expect(modest).rejects.toMatchObject({ code: 'TOO_LONG' });
  });

  it('takes exactly as long a file as it is told to', async () => {
    const file = scratch.path('tone.wav');
    await makeAudio(file, ...tone);
    await expect(inspectFile(file, 4)).resolves.toMatchObject({ seconds: 4 });
    await expect(inspectFile(file, 3)).rejects.toMatchObject({ code: 'TOO_LONG' });
  });

  it('refuses more channels than a loudspeaker has', async () => {
    const file = scratch.path('many.wav');
    const both = ['-f', 'lavfi', '-i', 'anullsrc=channel_layout=7.1:duration=1'];
    await makeAudio(file, ...both, '-filter_complex', '[0:a][0:a]amerge=inputs=2');
    await expect(inspectFile(file)).rejects.toMatchObject({ code: 'TOO_MANY_CHANNELS' });
  });

  it.each(['flac', 'aiff', 'wav', 'ogg', 'opus', 'mp3', 'm4a'])(
    'takes a whole file in %s',
    async (format) => {
      const source = await inspectFile(await makeAudio(scratch.path(`sound.${format}`), ...tone));
      expect(source.seconds).toBeCloseTo(4, 0);
    },
  );

  it.each([
    ['flac', 'TRUNCATED'],
    ['aiff', 'TRUNCATED'],
    ['wav', 'TRUNCATED'],
    ['ogg', 'TRUNCATED'],
    ['opus', 'TRUNCATED'],
    ['mp3', 'TRUNCATED'],
    ['m4a', 'NOT_AUDIO'],
  ])('sees that half of a file in %s is missing', async (format, code) => {
    const whole = await readFile(await makeAudio(scratch.path(`whole.${format}`), ...tone));
    const half = whole.subarray(0, whole.length / 2);
    await expect(inspectBytes(half, `half.${format}`)).rejects.toMatchObject({ code, retryable: false });
  });
});
