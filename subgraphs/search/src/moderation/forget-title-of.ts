import { waveMoved, WaveId } from '@volna/events';

import type { Deps } from '../context.ts';
import { forgetTitles } from '../domain/forget-titles.ts';

/** Takes the title of what has been hidden out of the words of waves; its tracks leave them one by one. */
export async function forgetTitleOf({ db, bus }: Pick<Deps, 'db' | 'bus'>, id: string): Promise<void> {
  const entry = await db.searchEntry.findUnique({ where: { id }, select: { id: true, title: true } });
  if (!entry) return;
  await forgetTitles(db, [entry]);
  const begun = await db.wave.findMany({ where: { seed: id, isEnded: false }, select: { id: true } });
  for (const wave of begun) bus.signal(waveMoved, { waveId: WaveId.parse(wave.id) });
}
