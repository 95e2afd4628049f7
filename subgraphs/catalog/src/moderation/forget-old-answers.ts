import { moderationDecided } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { noteHiding } from '@volna/platform/hidings';

/** Tells gateways at each decision that hides something: what they keep for the time when a service is down is void. */
export function forgetOldAnswers(bus: Bus, cache: Cache): Promise<AsyncDisposable> {
  return bus.consume(moderationDecided, 'catalog-old-answers', async ({ state }) => {
    if (state !== 'CLEAR') await noteHiding(cache);
  });
}
