import { Image } from '@volna/events';
import { z } from 'zod';

import type { StoredImages } from '../models.ts';

const Stored = z.array(Image);

/** The sizes that a row holds. */
export function readImages(cover: unknown): StoredImages {
  return Stored.parse(cover);
}
