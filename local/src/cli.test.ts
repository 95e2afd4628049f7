import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AlbumDocument, SearchDocument } from '@volna/gateway/client';
import { binaryForTests } from '@volna/platform/testing/servers';

import { openApi } from './client/api.ts';
import { makeTune } from './testing/audio.ts';
import { runEntry, type RunningVolna, startVolna } from './testing/volna-process.ts';

const START = 'local/src/index.ts';
const UPLOAD = 'local/src/upload/index.ts';

describe('npm start', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'volna-cli-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it.each([
    ['an option that it does not know', ['--nonsense'], /Unknown option '--nonsense'/],
    ['a word that is no option', ['now'], /now/],
    ['a port that is no number', ['--port', 'four'], /--port wants a number from 0 to 65535, not four/],
    ['a port that does not exist', ['--port', '65536'], /--port wants a number from 0 to 65535, not 65536/],
  ])('refuses %s', async (_what, args, message) => {
    const { code, output } = await runEntry(START, ['--data', join(directory, 'data'), ...args]).ended;
    expect(output).toMatch(message);
    expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
  });

  it('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, output } = await runEntry(START, ['--data', directory, '--port', `${port}`]).ended;
    other.close();
    expect([code, output]).toEqual([1, `volna: port ${port} is taken; leave --port out for a free one\n`]);
  });

  it('says that a file is no folder to keep data in', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const { code, output } = await runEntry(START, ['--data', file]).ended;
    expect([code, output]).toEqual([1, expect.stringContaining(file)]);
  });

  it('explains itself', async () => {
    const { code, output } = await runEntry(START, ['--help']).ended;
    expect([code, output]).toEqual([0, expect.stringMatching(/--empty[^]*--port PORT[^]*--data DIR/)]);
  });
});

const ffmpeg = await binaryForTests('ffmpeg');
const suite = typeof ffmpeg === 'string' ? describe.skip : describe;

suite(typeof ffmpeg === 'string' ? `npm run upload (skipped: ${ffmpeg})` : 'npm run upload', () => {
  let directory: string;
  let data: string;
  let volna: RunningVolna;
  let tune: string;

  beforeAll(async () => {
    if (typeof ffmpeg === 'string') return;
    directory = await mkdtemp(join(tmpdir(), 'volna-cli-'));
    data = join(directory, 'data');
    await mkdir(data);
    volna = await startVolna(data);
    tune = await makeTune(ffmpeg, directory, { name: 'Kittiwake', format: 'flac', seconds: 2 });
  }, 120_000);

  afterAll(async () => {
    volna.child.kill('SIGTERM');
    await volna.ended;
    await rm(directory, { recursive: true, force: true });
  });

  const upload = (...args: string[]) => runEntry(UPLOAD, ['--data', data, ...args]).ended;

  async function makeFolder(name: string, files: Record<string, string>): Promise<string> {
    const folder = join(directory, name);
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, path);
      // oxlint-disable no-await-in-loop -- a few small files
      await mkdir(join(file, '..'), { recursive: true });
      if (content === 'tune') await copyFile(tune, file);
      else await writeFile(file, content);
      // oxlint-enable no-await-in-loop
    }
    return folder;
  }

  it('sends a file and a folder with what is under it', async () => {
    const folder = await makeFolder('good', { 'cd 1/Sandpiper.flac': 'tune', 'notes.txt': 'no audio' });
    const { code, output } = await upload('--artist', 'Waders', tune, folder);
    expect([code, output]).toEqual([0, expect.stringContaining('2 uploaded, 0 failed\n')]);
    expect(output).toMatch(/ready +Kittiwake\.flac/);
    expect(output).toMatch(/In the account demo:\n  Waders\n    no album: 2 tracks\n/);
    expect(output).toMatch(/1 skipped.*\n.*notes\.txt\n/);
    expect(output).toContain(`${volna.url}/graphql\n`);
    const { search } = await openApi(`${volna.url}/graphql`).ask(SearchDocument, { query: 'Sandpiper' });
    expect(search.tracks.edges[0]?.node).toMatchObject({ artist: { name: 'Waders' } });
  });

  it('goes on past files that are no audio or may not be read, and says so by its status', async () => {
    const no = 'no audio'.repeat(100);
    const folder = await makeFolder('mixed', { 'a.mp3': no, 'b.flac': 'tune', 'c.flac': no });
    await chmod(join(folder, 'c.flac'), 0);
    const { code, output } = await upload(join(directory, 'none.flac'), folder);
    expect([code, output]).toEqual([1, expect.stringContaining('1 uploaded, 3 failed\n')]);
    expect(output).toMatch(/none\.flac — NOT_FOUND: there is no such file\n/);
    expect(output.match(/a\.mp3 — UNSUPPORTED_TYPE: /g)).toHaveLength(1);
    // root may read everything
    const why = process.getuid?.() === 0 ? 'UNSUPPORTED_TYPE' : 'UNREADABLE';
    expect(output).toContain(`c.flac — ${why}: `);
  });

  it('takes artists and albums from the tags', async () => {
    if (typeof ffmpeg === 'string') return;
    const folder = await makeFolder('tagged', {});
    await mkdir(folder);
    const tags = { artist: 'The Knots', album: 'Estuary', date: '2021-05-01' };
    for (const [index, format] of (['ogg', 'mp3'] as const).entries()) {
      // oxlint-disable-next-line no-await-in-loop -- two small files
      await makeTune(ffmpeg, folder, { name: `Dunlin ${index}`, format, seconds: 2, tags });
    }
    const { code, output } = await upload(folder);
    expect([code, output]).toEqual([0, expect.stringMatching(/ {2}The Knots\n {4}Estuary: 2 tracks\n/)]);
    expect((await upload(folder)).code).toBe(0);
    const api = openApi(`${volna.url}/graphql`);
    const { search } = await api.ask(SearchDocument, { query: 'Estuary' });
    const albums = search.albums.edges.map(({ node }) => node);
    expect(albums).toMatchObject([{ title: 'Estuary' }]);
    const { album } = await api.ask(AlbumDocument, { id: albums[0]?.id ?? '' });
    expect(album).toMatchObject({ artist: { name: 'The Knots' }, releaseDate: '2021', trackCount: 4 });
  });

  it.each([
    ['a folder without audio', () => [join(directory, 'data', 'mail')], /no audio files there|mail/],
    ['an option that it does not know', () => ['--nonsense', tune], /Unknown option '--nonsense'/],
    ['a folder where no Volna runs', () => ['--data', directory, tune], /Volna does not run here/],
  ])('refuses %s', async (_what, args, message) => {
    const { code, output } = await upload(...args());
    expect(output).toMatch(message);
    expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
  });

  it('explains itself', async () => {
    const usage = expect.stringContaining('--artist NAME');
    expect(await upload('--help')).toMatchObject({ code: 0, output: usage });
    expect(await upload()).toMatchObject({ code: 2, output: usage });
  });
});
