import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startCatalog } from '@volna/catalog';
import { type DataOf, importClaim, importOrdered } from '@volna/events';
import { openCatalog } from '@volna/import/scan/ask-catalog';
import { openFolderLibrary } from '@volna/import/scan/folder-library';
import { readAll, scan } from '@volna/import/scan/run-import';
import { readBackendsConfig } from '@volna/local/backends/config';
import { openBackends } from '@volna/local/backends/index';
import { openTagReader } from '@volna/platform/audio-tags/tag-reader';
import type { Bus } from '@volna/platform/bus';
import { createDeferred } from '@volna/platform/deferred';
import { mp3, textFrame } from '@volna/platform/testing/mp3';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import type { Benchmark } from './figure.ts';
import { openFolder } from './folder.ts';

const FILES = 10_000;
const FILES_A_FOLDER = 100;
/** A cover and a second of sound: larger files cost no more, since neither is read. */
const [PICTURE_BYTES, FRAMES] = [12_000, 40];
const FIRST_BYTES = 4_096;
/** 300 files a second. */
const MOST_MS = 3.33;
/** Against opening each file and reading its first bytes. */
const MOST_TIMES = 40;
const THREADS = 2;

const CREATE = `mutation ($location: String!) {
  createImportSource(input: { kind: FOLDER, location: $location }) { source { id } errors { message } } }`;
const START = `mutation ($sourceId: ID!) { startImport(input: { sourceId: $sourceId }) { run { id } } }`;

/** The part of an import before files are taken in: the walk, the registry, and the tags of each file. */
export const measureImportMetadata: Benchmark = async ({ tell }) => {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await openFolder());
  const music = join(directory, 'music');
  const files = await writeLibrary(music);
  tell(`${files.length} files are written`);
  const config = readBackendsConfig(process.env);
  const objectsKey = 'an objects key of a benchmark, long enough';
  const backends = opened.use(await openBackends({ config, directory, objectsKey, fast: true, tell }));
  const { bus, objects } = backends;
  const catalog = opened.use(
    await startCatalog({
      databaseUrl: backends.databaseUrl('catalog'),
      bus,
      objects,
      imports: { roots: [directory] },
    }),
  );
  const ordered = createDeferred<DataOf<typeof importOrdered>>();
  opened.use(await bus.consume(importOrdered, 'import', async (order) => ordered.resolve(order)));
  const admin = asCaller(catalog.subgraph, aViewer({ roles: ['USER', 'ADMIN'] }));
  const { data } = await admin(CREATE, { location: music });
  await admin(START, { sourceId: data.createImportSource.source.id });

  const floor = (await measureFirstBytes(files)) / FILES;
  const ours = (await measurePass(bus, await ordered.promise, music)) / FILES;
  tell(
    `${(1000 / ours).toFixed(0)} files/s; ${(1000 / floor).toFixed(0)} files/s where only first bytes are read`,
  );
  return [
    { name: 'import-metadata', unit: 'ms/file', ours, peer: null, limit: MOST_MS },
    { name: 'import-metadata: first bytes', unit: 'ms/file', ours, peer: floor, limit: MOST_TIMES },
  ];
};

async function writeLibrary(music: string): Promise<string[]> {
  const picture = {
    id: 'APIC',
    bytes: Buffer.concat([Buffer.from('image/png\0\u0003\0'), Buffer.alloc(PICTURE_BYTES, 7)]),
  };
  const files: string[] = [];
  for (let at = 0; at < FILES; at++) {
    const album = Math.floor(at / FILES_A_FOLDER);
    const folder = join(music, `album ${album}`);
    // oxlint-disable no-await-in-loop -- one file after the other
    if (at % FILES_A_FOLDER === 0) await mkdir(folder, { recursive: true });
    const tags = [
      textFrame('TIT2', `Title ${at}`),
      textFrame('TPE1', `Artist ${album % 40}`),
      textFrame('TALB', `Album ${album}`),
      textFrame('TRCK', `${(at % FILES_A_FOLDER) + 1}/${FILES_A_FOLDER}`),
      textFrame('TYER', String(1970 + (album % 50))),
      textFrame('TCON', 'Rock'),
    ];
    const file = join(folder, `${at}.mp3`);
    await writeFile(file, mp3([...tags, picture], { count: FRAMES }));
    // oxlint-enable no-await-in-loop
    files.push(file);
  }
  return files;
}

async function measureFirstBytes(files: readonly string[]): Promise<number> {
  const began = performance.now();
  const queue = files.values();
  const read = async () => {
    const block = Buffer.alloc(FIRST_BYTES);
    for (const file of queue) {
      await using handle = await open(file);
      await handle.read(block, 0, block.length, 0);
    }
  };
  await Promise.all(Array.from({ length: THREADS }, read));
  return performance.now() - began;
}

async function measurePass(bus: Bus, order: DataOf<typeof importOrdered>, music: string): Promise<number> {
  const { source, leaseSeconds } = await bus.request(importClaim, { ...order, worker: 'bench' });
  if (!source) throw new Error('the run is not to be had');
  using catalog = openCatalog(bus, order, leaseSeconds, new AbortController().signal);
  await using library = await openFolderLibrary(source.location, [music]);
  await using tags = openTagReader({ threads: THREADS });
  const began = performance.now();
  await scan({ catalog, library });
  await readAll({ catalog, library, tags });
  return performance.now() - began;
}
