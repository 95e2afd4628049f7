import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { sendFile } from '@volna/local/client/send-file';
import { openArtist, signUp } from '@volna/local/testing/listener';
import { encode, RENDITIONS_KBPS } from '@volna/transcode/encode';
import { countSeconds, probeJson, type Tools } from '@volna/transcode/ffmpeg';
import { pack } from '@volna/transcode/pack';

import { startChild } from './child.ts';
import { type Benchmark, median } from './figure.ts';
import { openFolder } from './folder.ts';
import { makeMusic } from './pipeline/make-music.ts';
import { startStackProcess } from './pipeline/start-stack.ts';
import { findTools } from './pipeline/tools.ts';
import { readChildrenCpu, readTreeCpu } from './process-tree.ts';

const TRACK_SECONDS = 180;
const HOUR_SECONDS = 3600;
const MAX_SECONDS = 14_400;
const MEGABYTE = 1e6;

/** CPU from upload to READY of everything that runs, beside that of the same ffmpeg work alone. */
export const measurePipelineCpu: Benchmark = async ({ rounds, tell }) => {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await openFolder());
  const tools = await findTools(tell);
  const [file = ''] = await makeMusic(tools.ffmpeg, folder.path, [TRACK_SECONDS]);
  const stack = opened.use(await startStackProcess(join(folder.path, 'data')));
  const alice = await signUp(stack.endpoint);
  const artistId = await openArtist(alice, 'Polar Tide');

  const ours: number[] = [];
  const alone: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const before = await readTreeCpu(stack.pid);
    await sendFile(alice.api, { file, artistId }, () => {});
    ours.push((await readTreeCpu(stack.pid)) - before);
    alone.push(await measureFfmpeg(tools, file, join(folder.path, `alone-${round}`)));
    tell(`round ${round}: ${ours.at(-1)?.toFixed(1)} s, ffmpeg alone ${alone.at(-1)?.toFixed(1)} s`);
  }
  return [{ name: 'pipeline-cpu', unit: 's', ours: median(ours), peer: median(alone), limit: 1.3 }];
};

/** Seconds of CPU of ffmpeg when it makes all that the transcode worker keeps of a file, decoding it once. */
async function measureFfmpeg(tools: Tools, file: string, directory: string): Promise<number> {
  const hls = join(directory, 'hls');
  for (const folder of ['flac', 'files']) await mkdir(join(hls, folder), { recursive: true });
  const pcm = join(directory, 'pcm.f32');
  const exact = { format: 's16', file: join(directory, 'exact.flac') } as const;
  const kept = { hls, pcm, sampleRate: 44_100, maxSeconds: MAX_SECONDS, exact };
  const run = { signal: new AbortController().signal, timeoutMs: 600_000 };
  const before = await readChildrenCpu();
  await probeJson(tools, file, run);
  await countSeconds(tools, file, MAX_SECONDS, run);
  await encode(tools, file, { ...kept, ladder: RENDITIONS_KBPS }, run);
  await pack(tools, { hls, exact: exact.file, gapless: null }, run);
  return (await readChildrenCpu()) - before;
}

/** The highest memory of the workers' own process, for an hour of music beside three minutes of it. */
export const measureWorkerMemory: Benchmark = async ({ tell }) => {
  await using folder = await openFolder();
  const tools = await findTools(tell);
  const [track = '', hour = ''] = await makeMusic(tools.ffmpeg, folder.path, [TRACK_SECONDS, HOUR_SECONDS]);
  const peakOf = async (file: string) => {
    const entry = new URL('pipeline/run-worker.ts', import.meta.url);
    await using worker = await startChild<number>(entry, [file, JSON.stringify(tools)]);
    return worker.said / MEGABYTE;
  };
  const short = await peakOf(track);
  tell(`three minutes: ${short.toFixed()} MB`);
  const long = await peakOf(hour);
  return [
    { name: 'worker-memory: an hour', unit: 'MB', ours: long, peer: null, limit: 400 },
    { name: 'worker-memory: hour / 3 minutes', unit: 'MB', ours: long, peer: short, limit: 1.3 },
  ];
};
