import type { Context } from '../context.ts';
import type { DownloadGrant } from '../generated/graphql.ts';
import { isOwner, type Playable } from '../playable.ts';
import { extensionOf, nameFile } from './name-file.ts';

const DOWNLOAD_TTL_MS = 15 * 60_000;

/** What is downloaded, as people call it: by the words of the catalog, where it has any for the viewer. */
export interface Named {
  readonly id: string;
  readonly title?: string | null;
  readonly artist?: { readonly name?: string | null } | null;
}

interface File {
  readonly key: string;
  readonly extension: string;
  readonly sizeBytes: number;
  readonly rendition: { readonly bitrateKbps: number; readonly codec: string } | null;
}

/** A URL that fetches the original, for its owner. */
export async function grantDownload(context: Context, named: Named): Promise<DownloadGrant | null> {
  const track = await findOwn(context, named.id);
  return track && sign(context, named, track, originalOf(track));
}

/** URLs that fetch the original and each rendition as one file, for the track's owner. */
export async function grantDownloads(context: Context, named: Named): Promise<DownloadGrant[]> {
  const track = await findOwn(context, named.id);
  if (!track) return [];
  const files = [originalOf(track), ...exactOf(track), ...ladderOf(track)];
  return Promise.all(files.map((file) => sign(context, named, track, file)));
}

async function findOwn({ playableById, viewer }: Context, id: string): Promise<Playable | null> {
  const track = await playableById.load(id);
  return track && !track.isTakenDown && isOwner(track, viewer) ? track : null;
}

function originalOf({ originalKey: key, originalName, originalBytes: sizeBytes }: Playable): File {
  return { key, sizeBytes, extension: extensionOf(originalName), rendition: null };
}

function exactOf(track: Playable): File[] {
  const { lossless, hlsPrefix } = track;
  if (!lossless) return [];
  const rendition = { bitrateKbps: lossless.kbps, codec: lossless.codec };
  const sizeBytes = lossless.fileBytes;
  if (typeof sizeBytes === 'number')
    return [{ key: `${hlsPrefix}/files/lossless.flac`, sizeBytes, extension: 'flac', rendition }];
  // of an original in FLAC it would be a copy
  const original = originalOf(track);
  return original.extension === 'flac' ? [{ ...original, rendition }] : [];
}

/** Those of tracks from before there were such files have none. */
function ladderOf({ renditions, hlsPrefix }: Playable): File[] {
  return renditions.flatMap(({ kbps, codec, fileBytes: sizeBytes }) =>
    typeof sizeBytes === 'number'
      ? [
          {
            key: `${hlsPrefix}/files/${kbps}.m4a`,
            sizeBytes,
            // told apart where all are saved to one folder
            extension: `${kbps}k.m4a`,
            rendition: { bitrateKbps: kbps, codec },
          },
        ]
      : [],
  );
}

async function sign(
  { objects }: Context,
  { title, artist }: Named,
  { originalName }: Playable,
  { key, extension, sizeBytes, rendition }: File,
): Promise<DownloadGrant> {
  // what nobody has given a title is called as its file was
  const words = title ? [artist?.name, title] : [originalName.replace(/\.[a-z0-9]{1,10}$/i, '')];
  const filename = nameFile(words, extension);
  const { url, expiresAt } = await objects.signGet(key, DOWNLOAD_TTL_MS, { downloadName: filename });
  return { url, expiresAt, sizeBytes, filename, rendition };
}
