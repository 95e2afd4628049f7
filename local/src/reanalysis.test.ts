import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ReanalysisDocument, ReanalyzeDocument, SimilarTracksDocument } from '@volna/gateway/client';
import { withClient } from '@volna/platform/database';

import { type Api, openApi } from './client/api.ts';
import { sendFile } from './client/send-file.ts';
import { type Stack, startStack } from './stack.ts';
import { openAdministrator } from './testing/administrator.ts';
import { makeTune } from './testing/audio.ts';
import { openArtist, signUp } from './testing/listener.ts';
import { openTestStack, type TestStack } from './testing/test-stack.ts';
import { until } from './testing/until.ts';

const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
const NEWER = '99.0.0-test';

describe('a newer model', () => {
  let volna: TestStack;
  let again: Stack | undefined;
  let admin: Api;
  const trackIds: string[] = [];

  beforeAll(async () => {
    volna = await openTestStack();
    const alice = await signUp(volna.endpoint);
    const artistId = await openArtist(alice, 'Аврора');
    for (const [at, root] of [150, 187, 224].entries()) {
      const tune = { name: `tune-${root}`, format: 'mp3' as const, root, tags: { title: `Tune ${at}` } };
      const file = await makeTune(volna.backends.ffmpeg, volna.directory, tune);
      trackIds.push(await sendFile(alice.api, { file, artistId }, () => {}));
    }
    admin = await openAdministrator(volna);
    await volna.stack[Symbol.asyncDispose]();

    // the same weights under another version
    const modelsDirectory = join(volna.directory, 'models');
    await cp(MODELS, modelsDirectory, { recursive: true });
    const manifest = join(modelsDirectory, 'music-embedding', 'manifest.json');
    const said = JSON.parse(await readFile(manifest, 'utf8')) as object;
    await writeFile(manifest, JSON.stringify({ ...said, version: NEWER }));
    const { backends, directory } = volna;
    const grantsKey = 'grants-key-of-a-test-0123456789abcd';
    const port = Number(new URL(volna.endpoint).port);
    again = await startStack({
      backends,
      directory,
      grantsKey,
      port,
      concurrency: 2,
      analyze: { modelsDirectory },
    });
  }, 300_000);

  afterAll(async () => {
    await again?.[Symbol.asyncDispose]();
    await volna[Symbol.asyncDispose]();
  });

  const models = () =>
    withClient(volna.backends.databaseUrl('search'), async (client) => {
      const { rows } = await client.query<{ model: string; state: string }>(
        'SELECT model, state FROM vector_model ORDER BY at',
      );
      return rows;
    });
  const similar = async (id: string) => {
    const { track } = await openApi(volna.endpoint).ask(SimilarTracksDocument, { id });
    return track?.similar?.edges.map(({ node }) => node?.id).toSorted();
  };

  it('takes the place of the one that serves once all tracks are analysed by it, and not before', async () => {
    const [id, ...others] = trackIds as [string, ...string[]];
    expect(await similar(id)).toEqual(others.toSorted());
    const { reanalyze } = await admin.ask(ReanalyzeDocument, {});
    expect(reanalyze).toMatchObject({ errors: [], reanalysis: { status: 'RUNNING', total: 3 } });

    const answers: unknown[] = [];
    await until(
      'all is analysed',
      async () => {
        // whatever is analysed by now, likeness is answered by one model for all
        answers.push(await similar(id));
        return (await admin.ask(ReanalysisDocument, {})).reanalysis?.status === 'DONE';
      },
      120_000,
    );
    expect(new Set(answers.map(String))).toEqual(new Set([others.toSorted().join()]));
    expect((await admin.ask(ReanalysisDocument, {})).reanalysis).toMatchObject({ done: 3, failed: 0 });
    await until(
      'the newer model serves',
      async () => (await models()).some(({ model, state }) => model.endsWith(NEWER) && state === 'SERVING'),
      60_000,
    );
    expect(await similar(id)).toEqual(others.toSorted());
    expect((await models()).filter(({ state }) => state === 'SERVING')).toHaveLength(1);
  }, 240_000);
});
