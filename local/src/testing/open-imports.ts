import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startCatalog } from '@volna/catalog';
import { ImportRunId } from '@volna/events';
import { startScan } from '@volna/import/scan/start-scan';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { NatsBus } from '@volna/platform/bus-nats';
import { openPool } from '@volna/platform/database';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { mp3, textFrame } from '@volna/platform/testing/mp3';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

const migrations = fileURLToPath(new URL('../../../subgraphs/catalog/prisma/migrations', import.meta.url));
export const RUN = 'run { id state attempt: seq found fresh imported copies failed missing error { code } }';
export const CREATE = `mutation ($input: CreateImportSourceInput!) {
  createImportSource(input: $input) { source { id } errors { code } } }`;
export const START = `mutation ($sourceId: ID!) { startImport(input: { sourceId: $sourceId }) { ${RUN} errors { code } } }`;
export const READ = `query ($id: ID!) { importRun(id: $id) {
  state found skipped fresh imported copies failed missing error { code } } }`;

export type CatalogService = Awaited<ReturnType<typeof startCatalog>>;
export type Imports = Awaited<ReturnType<typeof openImports>>;

/** What it signs URLs with; nobody uses them. */
export const OBJECTS_KEY = 'a key of the tests';

/** Catalog and the import worker alone, over a folder of music: nobody processes what comes in. In process, unless there is a broker. */
export async function openImports(natsUrl?: string) {
  await using opening = new AsyncDisposableStack();
  const scratch = opening.use(await openScratch());
  const { url: databaseUrl } = opening.use(await openTestDatabase(migrations));
  const pool = opening.adopt(openPool(databaseUrl), (open) => open.end());
  const bus = opening.use(natsUrl ? await NatsBus.connect(natsUrl) : await EmbeddedBus.open());
  const directory = scratch.path('store');
  const objects = await DirectoryObjects.open({ directory, signingKey: OBJECTS_KEY });
  const music = scratch.path('music');
  const opened = opening.move();
  const admin = aViewer({ roles: ['USER', 'ADMIN'] });

  async function ask({ subgraph }: CatalogService, query: string, variables: Record<string, unknown>) {
    return (await asCaller(subgraph, admin)(query, variables)).data;
  }
  return {
    admin,
    bus,
    objects,
    pool,
    scratch,
    music,
    ask,
    /** A file with these tags beside its artist and album. */
    async place(path: string, title: string, more: Readonly<Record<string, string>> = {}) {
      await mkdir(dirname(join(music, path)), { recursive: true });
      const tags = { TIT2: title, TPE1: 'Mira', TALB: 'Double', ...more };
      const frames = Object.entries(tags).map(([id, text]) => textFrame(id, text));
      await writeFile(join(music, path), mp3(frames));
    },
    openService: ({
      maxProcessing = 100,
      quotaBytes,
    }: { maxProcessing?: number; quotaBytes?: number } = {}) =>
      startCatalog({
        databaseUrl,
        bus,
        objects,
        imports: { roots: [music], maxProcessing },
        ...(quotaBytes === undefined ? {} : { policy: { quotaBytes } }),
        leaseSeconds: 1,
        sweepEveryMs: 100,
      }),
    openWorker: () => startScan({ bus, objects, roots: [music], threads: 1 }),
    async order(
      catalog: CatalogService,
      location = music,
      kind: 'FOLDER' | 'S3_PREFIX' = 'FOLDER',
    ): Promise<ImportRunId> {
      const { createImportSource } = await ask(catalog, CREATE, { input: { kind, location } });
      const { startImport } = await ask(catalog, START, { sourceId: createImportSource.source.id });
      return ImportRunId.parse(startImport.run.id);
    },
    read: async (catalog: CatalogService, id: string) => (await ask(catalog, READ, { id })).importRun,
    count: async (what: string) => Number((await pool.query(`SELECT count(*) FROM ${what}`)).rows[0].count),
    /** As if the tracks had been processed. */
    process: (limit = 1000) =>
      pool.query(
        `UPDATE track SET status = 'READY' WHERE id IN (SELECT id FROM track WHERE status = 'PROCESSING' LIMIT ${limit})`,
      ),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
