import { isAbsolute, resolve } from 'node:path';

import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { checkPrefix } from '@volna/platform/objects';
import { isUnder } from '@volna/platform/roots';

import type { Deps } from '../context.ts';
import { readId } from '../domain/read-id.ts';
import type { CreateImportSourceInput } from '../generated/graphql.ts';
import type { ImportSource } from '../models.ts';

const MAX_LOCATION = 1000;

/** Names a library of files; the same one named again keeps its registry and takes these settings. */
export async function createImportSource(
  deps: Deps,
  viewer: Viewer,
  input: CreateImportSourceInput,
): Promise<ImportSource> {
  const { kind } = input;
  const location = kind === 'FOLDER' ? readFolder(deps, input.location) : readPrefix(deps, input.location);
  const artistId = await ownArtist(deps, viewer, input.artistId);
  const isHourly = input.isHourly ?? false;
  const settings = { artistId, isHourly, nextScanAt: isHourly ? new Date() : null };
  const of = { ownerId: viewer.userId, kind, location };
  return deps.db.importSource.upsert({
    where: { ownerId_kind_location: of },
    create: { id: newId('ImportSource'), ...of, ...settings },
    update: settings,
  });
}

function readFolder({ imports }: Deps, raw: string): string {
  if (!isAbsolute(raw) || raw.length > MAX_LOCATION || raw.includes('\0'))
    throw new UserError('BAD_USER_INPUT', 'a folder is an absolute path', ['location']);
  const folder = resolve(raw);
  if (isUnder(imports.roots, folder)) return folder;
  const roots = imports.roots.join(', ') || 'none';
  throw new UserError(
    'NOT_UNDER_ROOTS',
    `${folder} is not under the folders that may be imported (IMPORT_ROOTS): ${roots}`,
    ['location'],
  );
}

function readPrefix({ imports }: Deps, raw: string): string {
  if (!isPrefix(raw))
    throw new UserError('BAD_USER_INPUT', 'a prefix is the beginning of keys, such as import/albums/', [
      'location',
    ]);
  if (imports.prefixes.some((prefix) => raw.startsWith(prefix))) return raw;
  throw new UserError('NOT_UNDER_ROOTS', `a prefix begins with ${imports.prefixes.join(' or ')}`, [
    'location',
  ]);
}

function isPrefix(raw: string): boolean {
  try {
    return checkPrefix(raw) !== '';
  } catch {
    return false;
  }
}

async function ownArtist(
  { db }: Deps,
  { userId: ownerId }: Viewer,
  raw: string | null | undefined,
): Promise<string | null> {
  if (!raw) return null;
  const id = readId('Artist', raw);
  const artist = id && (await db.artist.findFirst({ where: { id, ownerId }, select: { id: true } }));
  if (!artist) throw new UserError('NOT_FOUND', 'there is no such artist page of yours', ['artistId']);
  return id;
}
