import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamDocument } from '@volna/gateway/client';
import { listen } from '@volna/platform/http';
import { type Browser, chromium } from 'playwright-core';

import { sendFile } from './client/send-file.ts';
import { makeTune } from './testing/audio.ts';
import { openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const HLS_JS = createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/** Plays one level of a stream with hls.js; gives how far it came and how many levels there are. */
const PLAY = `async ([url, level]) => {
  const audio = document.createElement('audio');
  audio.muted = true;
  document.body.append(audio);
  const hls = new Hls({ startLevel: level });
  const failed = new Promise((_, reject) => hls.on(Hls.Events.ERROR, (_event, data) => data.fatal && reject(new Error(data.details))));
  hls.on(Hls.Events.MANIFEST_PARSED, () => { hls.currentLevel = level; void audio.play(); });
  hls.loadSource(url);
  hls.attachMedia(audio);
  const played = new Promise((resolve) => audio.addEventListener('timeupdate', () => audio.currentTime > 0.5 && resolve()));
  await Promise.race([played, failed]);
  const result = { seconds: audio.duration, bitrate: hls.levels[hls.currentLevel].bitrate, levels: hls.levels.length };
  hls.destroy();
  return result;
}`;

const suite = CHROMIUM ? describe : describe.skip;

suite(CHROMIUM ? 'a browser' : 'a browser (skipped: no Chromium on this machine)', () => {
  let volna: TestStack;
  let browser: Browser;
  let page: Server;
  let pageUrl: string;
  let hlsUrl: string;

  beforeAll(async () => {
    volna = await openTestStack();
    const alice = await signUp(volna.endpoint);
    const artistId = await openArtist(alice, 'Browser');
    const file = await makeTune(volna.backends.ffmpeg, volna.directory, {
      name: 'tune',
      format: 'flac',
      seconds: 12,
    });
    const id = await sendFile(alice.api, { file, artistId }, () => {});
    hlsUrl = (await alice.api.ask(StreamDocument, { id })).track?.stream?.hlsUrl ?? '';
    browser = await chromium.launch({ ...(CHROMIUM && { executablePath: CHROMIUM }), args: FLAGS });
    const script = readFileSync(HLS_JS);
    // a page of another origin than the stream's
    page = createServer((request, response) => {
      if (request.url === '/hls.js') response.setHeader('content-type', 'text/javascript').end(script);
      else response.setHeader('content-type', 'text/html').end('<script src="/hls.js"></script>');
    });
    pageUrl = `http://127.0.0.1:${await listen(page, 0, '127.0.0.1')}`;
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    page?.close();
    page?.closeAllConnections();
    await volna?.[Symbol.asyncDispose]();
  });

  it.each([0, 1, 2])('plays level %i of a stream with hls.js', async (level) => {
    const tab = await browser.newPage();
    await tab.goto(pageUrl);
    const { seconds, bitrate, levels } = await tab.evaluate<{
      seconds: number;
      bitrate: number;
      levels: number;
    }>(`(${PLAY})(${JSON.stringify([hlsUrl, level])})`);
    expect(levels).toBe(3);
    expect(Math.abs(seconds - 12)).toBeLessThan(0.2);
    expect(bitrate).toBeGreaterThan([90_000, 150_000, 300_000][level] ?? 0);
    await tab.close();
  });
});
