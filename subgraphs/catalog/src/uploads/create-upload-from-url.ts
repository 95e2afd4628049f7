import { newId } from '@volna/events';
import { UserError } from '@volna/platform/errors';
import type { Viewer } from '@volna/platform/identity';
import { checkOutsideUrl, type OutsideRules, UrlRefusedError } from '@volna/platform/outside-url';
import { readInput } from '@volna/platform/read-input';

import type { Deps } from '../context.ts';
import { checkAlbum, Description, ownArtist } from '../domain/describe-upload.ts';
import { cleanFilename } from '../domain/file-name.ts';
import { orderFetch } from '../domain/order-job.ts';
import { partBytesOf } from '../domain/upload-policy.ts';
import type { CreateUploadFromUrlInput } from '../generated/graphql.ts';
import type { Upload } from '../models.ts';
import { reserveUpload } from './reserve-upload.ts';

/**
 * Has a file fetched, and a track made of it then. Nobody knows yet how large it is: as much is reserved for it as it
 * may have at most, or as is left.
 */
export async function createUploadFromUrl(
  deps: Deps,
  viewer: Viewer,
  { url: raw, ...input }: CreateUploadFromUrlInput,
): Promise<Upload> {
  const { maxBytes } = deps.policy;
  const description = readInput(Description, input);
  const url = checkUrl(raw, deps.outside);
  const artistId = await ownArtist(deps, viewer, input.artistId);
  await checkAlbum(deps, viewer, description.albumId);

  const id = newId('Upload');
  const row = {
    id,
    ownerId: viewer.userId,
    status: 'FETCHING' as const,
    filename: cleanFilename(decodeURIComponentOr(url.pathname)),
    contentType: 'application/octet-stream',
    sourceUrl: url.href,
    intent: { artistId, ...description },
    partBytes: partBytesOf(maxBytes),
    // until it is known where a try has put it
    objectKey: `uploads/${viewer.userId}/${id}/fetched`,
    multipartId: '',
  };
  const upload = await reserveUpload(
    deps,
    row,
    { sizeBytes: (left) => Math.min(maxBytes, left), path: 'url' },
    (tx, { sizeBytes }) => orderFetch(tx, { id }, { url: url.href, maxBytes: Number(sizeBytes) }),
  );
  deps.wake();
  return upload;
}

function checkUrl(raw: string, rules: OutsideRules): URL {
  try {
    return checkOutsideUrl(raw, rules);
  } catch (err) {
    if (!(err instanceof UrlRefusedError)) throw err;
    throw new UserError('URL_NOT_ALLOWED', err.message, ['url']);
  }
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
