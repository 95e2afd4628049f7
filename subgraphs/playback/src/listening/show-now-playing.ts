import { listeningMoved } from '@volna/events';

import type { Context } from '../context.ts';

/** Lets others see what the viewer is playing, or no more. */
export async function showNowPlaying(context: Context, isShown: boolean): Promise<void> {
  const { userId } = context.requireViewer();
  await context.db.listener.upsert({
    where: { userId },
    create: { userId, isShown },
    update: { isShown },
  });
  context.bus.signal(listeningMoved, { userId });
}
