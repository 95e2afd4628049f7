import { Image } from '@volna/events';
import type { Objects } from '@volna/platform/objects';
import { z } from 'zod';

const TTL_MS = 60 * 60 * 1000;
const Images = z.array(Image);
type Size = z.output<typeof Image>['size'];

/** A URL, good for an hour, of one stored size of a cover; null without a cover. */
export async function signCover(objects: Objects, stored: unknown, wanted: Size) {
  const image = Images.parse(stored).find(({ size }) => size === wanted);
  if (!image) return null;
  const { url } = await objects.signGet(image.key, TTL_MS);
  const { width, height, color = null, blurhash = null } = image;
  return { url, width, height, color, blurhash };
}
