import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedServer } from '@volna/platform/embedded/server-process';
import { binaryForTests, openNatsServer } from '@volna/platform/testing/servers';

import { type Imports, openImports } from './testing/open-imports.ts';
import { until } from './testing/until.ts';
import { runEntry, type Running } from './testing/volna-process.ts';

const nats = await binaryForTests('nats-server');
const suite = typeof nats === 'string' ? describe.skip : describe;
const FILES = 16;
const PATIENCE_MS = 100_000;

suite(`an import worker that is killed${typeof nats === 'string' ? ` (skipped: ${nats})` : ''}`, () => {
  let broker: EmbeddedServer;
  let imports: Imports;
  let worker: Running | null = null;

  beforeEach(async () => {
    if (typeof nats === 'string') throw new Error(nats);
    broker = await openNatsServer(nats);
    imports = await openImports(broker.url);
    for (let at = 0; at < FILES; at++) await imports.place(`${at % 4}/${at}.mp3`, `Title ${at}`);
  });

  afterEach(async () => {
    await kill();
    await imports[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });

  async function start(): Promise<void> {
    const env = { NATS_URL: broker.url, OBJECTS: imports.scratch.path('store'), MUSIC: imports.music };
    const running = runEntry('local/src/testing/import-process.ts', [], env);
    worker = running;
    await until('the worker has started', async () => running.output().includes('"started"'), PATIENCE_MS);
  }
  async function kill(): Promise<void> {
    worker?.child.kill('SIGKILL');
    await worker?.ended;
    worker = null;
  }

  it('leaves nothing undone and nothing double', async () => {
    // a run that waits for room is in the middle of it
    await using catalog = await imports.openService({ maxProcessing: 5 });
    const runId = await imports.order(catalog);
    for (const imported of [5, 10]) {
      await start();
      await until(
        `${imported} are stored`,
        async () => (await imports.read(catalog, runId)).imported >= imported,
        PATIENCE_MS,
      );
      await kill();
      expect(await imports.read(catalog, runId)).toMatchObject({ imported, state: 'STORING' });
      await imports.process();
    }
    await start();
    await until(
      'the run is done',
      async () => {
        await imports.process();
        return (await imports.read(catalog, runId)).state === 'DONE';
      },
      PATIENCE_MS,
    );
    const whole = { found: FILES, fresh: FILES, imported: FILES, copies: 0, failed: 0, missing: 0 };
    expect(await imports.read(catalog, runId)).toMatchObject(whole);
    expect(await imports.count('track')).toBe(FILES);
    expect(await imports.count(`upload WHERE status = 'COMPLETED'`)).toBe(FILES);
    expect(await imports.objects.list('uploads/')).toHaveLength(FILES);
    expect(await imports.count('artist')).toBe(1);
  }, 300_000);
});
