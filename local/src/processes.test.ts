import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreateUploadDocument, SearchDocument, StreamDocument, TrackDocument } from '@volna/gateway/client';
import { binaryForTests } from '@volna/platform/testing/servers';

import { sendFile, type Step } from './client/send-file.ts';
import { makeTune } from './testing/audio.ts';
import { ownProcesses, readCompose, readExample } from './testing/compose-file.ts';
import { type Deployment, openDeployment } from './testing/deployment.ts';
import { runEntry } from './testing/entry.ts';
import { type Account, openArtist, signUp } from './testing/listener.ts';
import { until } from './testing/until.ts';

const run = promisify(execFile);
const [nats, redis, ffmpeg, ffprobe] = await Promise.all([
  binaryForTests('nats-server'),
  binaryForTests('redis-server'),
  binaryForTests('ffmpeg'),
  binaryForTests('ffprobe'),
]);
const missing = [nats, redis, ffmpeg, ffprobe].find((binary) => typeof binary === 'string');
const suite = missing === undefined ? describe : describe.skip;
const SECONDS = 4;

suite(`the processes of docker-compose.yml${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let volna: Deployment;
  let alice: Account;
  let trackId: string;
  const steps: Step[] = [];

  beforeAll(async () => {
    if (typeof nats === 'string' || typeof redis === 'string' || typeof ffmpeg === 'string') return;
    volna = await openDeployment({ nats, redis, ffmpeg });
    alice = await signUp(volna.endpoint);
    const artistId = await openArtist(alice, 'Containers');
    const tags = { title: 'Harbour Crane', artist: 'Containers' };
    const file = await makeTune(ffmpeg, volna.directory, {
      name: 'tune',
      format: 'flac',
      seconds: SECONDS,
      tags,
    });
    trackId = await sendFile(alice.api, { file, artistId }, (step) => steps.push(step));
  }, 180_000);

  afterAll(async () => {
    await volna?.[Symbol.asyncDispose]();
  });

  it('start before their backends and take a file to READY', async () => {
    expect(steps.at(-1)).toMatchObject({ done: true, percent: 100, error: null });
    const { track } = await alice.api.ask(TrackDocument, { id: trackId });
    expect(track).toMatchObject({ title: 'Harbour Crane', status: 'READY', artist: { name: 'Containers' } });
    expect(track?.audio?.embeddingModel).toMatch(/\w/);
  });

  it('send clients to the public address of the object storage', async () => {
    const input = { filename: 'b.flac', contentType: 'audio/flac', sizeBytes: 1000 };
    const { createUpload } = await alice.api.ask(CreateUploadDocument, { input });
    const urls = createUpload.upload?.parts.map(({ url }) => new URL(url).origin);
    expect(urls).toEqual([volna.objectsUrl]);
  });

  it('play at the public address of the streams', async () => {
    if (typeof ffprobe === 'string') return;
    const { track } = await alice.api.ask(StreamDocument, { id: trackId });
    const url = track?.stream?.hlsUrl ?? '';
    expect(new URL(url).origin).toBe(volna.streamUrl);
    const args = ['-v', 'error', '-show_entries', 'format=duration:program=program_id', '-of', 'json', url];
    const { stdout } = await run(ffprobe.path, args, { env: { ...process.env, ...ffprobe.env } });
    const probed = JSON.parse(stdout) as { programs: unknown[]; format: { duration: string } };
    expect(probed.programs).toHaveLength(3);
    expect(Number(probed.format.duration)).toBeCloseTo(SECONDS, 0);
  });

  it('keep letters as files where no mail server is set', async () => {
    const directory = join(volna.directory, 'mail');
    const to = `To: ${alice.username}@example.org`;
    await until('there is a letter', async () => {
      const names = await readdir(directory).catch(() => []);
      const texts = names
        .filter((name) => name.endsWith('.eml'))
        .map((name) => readFile(join(directory, name)));
      return (await Promise.all(texts)).some((text) => text.toString().includes(to));
    });
    // no directory that others may look into
    expect((await stat(directory)).mode & 0o077).toBe(0);
  });

  it('find what they have taken', async () => {
    const { search } = await alice.api.ask(SearchDocument, { query: 'harbor crane' });
    expect(search.tracks.edges[0]?.node?.id).toBe(trackId);
  });

  it('end with 0 when they are told to', async () => {
    const codes = await Promise.all(
      volna.entries.map(async (entry) => [entry.name, await entry.stop()] as const),
    );
    expect(codes).toEqual(volna.entries.map(({ name }) => [name, 0]));
    for (const entry of volna.entries) expect(entry.said()).toMatch(/stopping/);
  }, 30_000);
});

describe('a process whose settings were left as they are in .env.example', () => {
  const compose = readCompose(readExample());
  const own = ownProcesses(compose).map((described) => [described.name, described] as const);

  it.each(own)('%s says which, and which are missing, and does not start', async (name, described) => {
    const left = Object.entries(described.environment).filter(([, value]) => value.includes('change-me'));
    const [lost = ''] = left.shift() ?? [];
    const { [lost]: _, ...environment } = described.environment;
    await using entry = runEntry(name, described.entry, { ...environment, PATH: process.env['PATH'] ?? '' });
    expect(await entry.ended).toBe(1);
    const said = entry.said();
    expect(said).toMatch(new RegExp(`^volna ${name} does not start`));
    for (const variable of [lost, ...left.map(([key]) => key)]) expect(said).toContain(`at ${variable}`);
    expect(said).not.toMatch(/change-me|^\s+at .*:\d+:\d+/m);
  });
});
