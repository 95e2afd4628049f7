import type { Deps } from '../context.ts';
import type { ImageSize } from '../generated/graphql.ts';
import type { StoredImages } from '../models.ts';

const TTL_MS = 60 * 60_000;

/** A URL for one size of a cover; null where there is none. */
export async function signCover({ objects }: Deps, cover: StoredImages, size: ImageSize | null | undefined) {
  const image = cover.find((stored) => stored.size === (size ?? 'MEDIUM')) ?? cover[0];
  if (!image) return null;
  const { url } = await objects.signGet(image.key, TTL_MS);
  const { width, height, color = null, blurhash = null } = image;
  return { url, width, height, color, blurhash };
}
