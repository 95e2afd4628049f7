import { buffer } from 'node:stream/consumers';

import type { Objects } from '@volna/platform/objects';

import { type Grant, signGrant, toPlayGrant } from './grant.ts';

/** A master playlist whose variants are found under a grant that plays. */
export async function openStream(objects: Objects, key: string, grant: Grant, file: string): Promise<Buffer> {
  const { body } = await objects.read(`${grant.prefix}/${file}`);
  const playlist = (await buffer(body)).toString();
  const play = signGrant(key, toPlayGrant(grant));
  return Buffer.from(playlist.replaceAll(/^(?!#)(\S+)$/gm, `../${play}/$1`));
}
