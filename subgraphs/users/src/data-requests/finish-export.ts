import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { ObjectNotFoundError } from '@volna/platform/objects';
import { openScratch } from '@volna/platform/scratch';
import yazl from 'yazl';

import { orderLetter } from '../domain/order-letter.ts';
import type { DataRequest, DataRequestPart } from '../models.ts';
import type { AdvanceDeps } from './advance-data-request.ts';
import { exportFolder } from './start-data-request.ts';

/** How long an archive is kept. */
const KEEP_MS = 7 * 24 * 3_600_000;
/** Audio does not get smaller. */
const INCOMPRESSIBLE = /\.(?:mp3|flac|ogg|opus|m4a|aac|wma|webp|jpe?g|png)$/i;

/** Joins what the services have gathered to one archive. */
export async function finishExport(
  deps: AdvanceDeps,
  request: DataRequest & { readonly parts: readonly DataRequestPart[] },
): Promise<void> {
  const { id, userId, parts } = request;
  const archiveKey = `${exportFolder(id)}/volna-export.zip`;
  const files = parts.flatMap((part) => part.files as { key: string; name: string }[]);
  await using scratch = await openScratch();
  const path = scratch.path('export.zip');
  await writeArchive(deps, path, files);
  await deps.objects.putFile(archiveKey, path, { contentType: 'application/zip' });
  const { size } = await stat(path);
  await deps.db.$transaction(async (tx) => {
    const finishedAt = new Date();
    const expiresAt = new Date(finishedAt.getTime() + KEEP_MS);
    await tx.dataRequest.update({
      where: { id },
      data: { state: 'DONE', archiveKey, archiveBytes: size, finishedAt, expiresAt },
    });
    await orderLetter(tx, userId, 'export-ready');
  });
  deps.wakeRelay();
  await deps.objects.delete(files.map(({ key }) => key).filter((key) => key.startsWith(exportFolder(id))));
}

async function writeArchive(
  { objects }: AdvanceDeps,
  path: string,
  files: readonly { key: string; name: string }[],
): Promise<void> {
  const zip = new yazl.ZipFile();
  const failed = new Promise<never>((_resolve, reject) => zip.on('error', reject));
  const written = pipeline(zip.outputStream, createWriteStream(path));
  for (const { key, name } of files) {
    // oxlint-disable-next-line no-await-in-loop -- one open file at a time
    const object = await objects.read(key).catch((err: unknown) => {
      // deleted by its owner since it was listed
      if (err instanceof ObjectNotFoundError) return null;
      throw err;
    });
    if (!object) continue;
    const read = new Promise((resolve, reject) => object.body.on('close', resolve).on('error', reject));
    zip.addReadStream(object.body, name, { compress: !INCOMPRESSIBLE.test(name) });
    // oxlint-disable-next-line no-await-in-loop
    await Promise.race([read, failed, written]);
  }
  zip.end();
  await Promise.race([written, failed]);
}
