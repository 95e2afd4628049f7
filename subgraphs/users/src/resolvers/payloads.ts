import { payload, type UserErrorRow } from '@volna/platform/errors';

import type { Session } from '../models.ts';

/** A `SessionPayload`. */
export function session(run: () => Promise<Session>) {
  return payload<{ session: Session }>({ session: null }, async () => ({ session: await run() }));
}

/** An `OkPayload`. */
export async function ok(run: () => Promise<{ ok: true }>): Promise<{ ok: boolean; errors: UserErrorRow[] }> {
  const { ok: done, errors } = await payload<{ ok: true }>({ ok: null }, run);
  return { ok: done === true, errors };
}
