import { UploadId, uploadMoved } from '@volna/events';

import type { Deps } from '../context.ts';

/** Tells whoever watches an upload to read its row again. Call it after the commit. */
export function signalUpload({ bus }: Pick<Deps, 'bus'>, id: string): void {
  bus.signal(uploadMoved, { uploadId: UploadId.parse(id) });
}
