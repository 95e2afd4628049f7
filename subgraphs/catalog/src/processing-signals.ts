import { trackProcessingMoved } from '@volna/events';
import type { Bus } from '@volna/platform/bus';

/** Hints that the processing of a track has moved, for whoever watches that track here. */
export interface ProcessingSignals extends AsyncDisposable {
  /** Calls back on each hint until disposed. */
  watch(trackId: string, moved: () => void): Disposable;
  /** How many watch now. */
  readonly watchers: number;
}

/** One listener on the bus for all watchers of this process. */
export async function openProcessingSignals(bus: Bus): Promise<ProcessingSignals> {
  const watching = new Map<string, Set<() => void>>();
  const listener = await bus.listen(trackProcessingMoved, ({ trackId }) => {
    for (const moved of watching.get(trackId) ?? []) moved();
  });

  return {
    watch(trackId, moved) {
      // a function of its own for each watcher, so that one who watches twice counts twice
      const call = () => moved();
      const watchers = watching.get(trackId) ?? new Set();
      watching.set(trackId, watchers.add(call));
      return {
        [Symbol.dispose]() {
          watchers.delete(call);
          if (watchers.size === 0 && watching.get(trackId) === watchers) watching.delete(trackId);
        },
      };
    },
    get watchers() {
      return watching.values().reduce((sum, watchers) => sum + watchers.size, 0);
    },
    [Symbol.asyncDispose]: async () => listener[Symbol.asyncDispose](),
  };
}
