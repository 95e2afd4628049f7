import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ArchiveWriter } from './archive-writer.ts';
import { copyObjects } from './copy-objects.ts';
import { dumpDatabase } from './dump-database.ts';
import { FILES, type Manifest } from './manifest.ts';
import { openCut } from './open-cut.ts';
import type { Places } from './open-places.ts';
import type { Tally } from './progress.ts';
import { twoRounds } from './two-rounds.ts';

/** What a data folder knows beside databases and objects; all else there is made again. */
const KEPT_FILES = ['secrets.json', 'demo.json'];

export interface BackUpOptions extends Places {
  readonly data: string;
  readonly file: string;
  readonly tally: Tally;
}

/**
 * Copies everything to one file, as it was at one point, while it runs. Objects come first, as that takes long; then
 * the point; then what has been written since the first began. Objects are written before the rows that name them and
 * removed after them, so whatever a row of the point names is in one of the two.
 */
export async function backUp({ databases, objects, data, file, tally }: BackUpOptions): Promise<Manifest> {
  const begunAt = new Date();
  await using archive = new ArchiveWriter(file, begunAt);
  const copied = { count: 0, sizeBytes: 0 };
  const onObject = (sizeBytes: number) => {
    copied.count++;
    copied.sizeBytes += sizeBytes;
    tally.add(1, sizeBytes);
  };
  tally.begin('music and pictures');
  const { wantsFirst, wantsLater } = twoRounds(begunAt);
  await copyObjects(objects, archive, { wants: wantsFirst, onObject });
  tally.begin('choosing the moment that the copy shows');
  await using cut = await openCut(databases);
  tally.begin('music and pictures of the last minutes, once more');
  await copyObjects(objects, archive, { wants: wantsLater, onObject });

  const dumped: Manifest['databases'] = {};
  for (const database of cut.databases) {
    tally.begin(`database ${database.service}`);
    const rows = await dumpDatabase(database, archive, (count) => tally.add(count, 0));
    dumped[database.service] = { shape: database.shape, rows };
  }
  const files = KEPT_FILES.filter((name) => existsSync(join(data, name)));
  for (const name of files) {
    const bytes = await readFile(join(data, name));
    await archive.add(`${FILES}${name}`, bytes.length, [bytes]);
  }
  const manifest = { point: cut.point.toISOString(), databases: dumped, objects: copied, files };
  await archive.finish(manifest);
  tally.end();
  return { ...manifest, entries: 0 };
}
