import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';

import { escapeIdentifier } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import type { ArchiveWriter } from './archive-writer.ts';
import { DATABASES } from './manifest.ts';
import type { CutDatabase } from './open-cut.ts';

const compress = promisify(zstdCompress);
/** What is held of a table at once. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** Copies all tables of a database; gives how many rows each has. */
export async function dumpDatabase(
  { service, client, shape }: CutDatabase,
  archive: ArchiveWriter,
  onRows: (rows: number) => void,
): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const { name, columns } of shape.tables) {
    const list = columns.map((column) => escapeIdentifier(column)).join();
    const copied = client.query(copyTo(`COPY ${escapeIdentifier(name)} (${list}) TO STDOUT`));
    let number = 0;
    for await (const piece of inPieces(copied)) {
      const compressed = await compress(piece);
      const file = `${DATABASES}${service}/${name}/${String(++number).padStart(6, '0')}.zst`;
      await archive.add(file, compressed.length, [compressed]);
    }
    rows[name] = copied.rowCount;
    onRows(copied.rowCount);
  }
  return rows;
}

async function* inPieces(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    held.push(chunk);
    size += chunk.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
