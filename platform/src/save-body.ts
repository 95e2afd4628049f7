import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { ObjectInfo } from './objects.ts';

/** Writes an object's whole body to a file; throws unless each byte arrived. */
export async function saveBody(info: ObjectInfo, body: Readable, file: string): Promise<void> {
  await pipeline(body, createWriteStream(file));
  const { size } = await stat(file);
  if (size !== info.sizeBytes) throw new Error(`${info.key} has ${info.sizeBytes} bytes and ${size} arrived`);
}
