import { trackProcessingMoved, uploadMoved } from '@volna/events';
import type { Bus } from '@volna/platform/bus';

/** Hints that the processing of a track, or an upload, has moved, for whoever watches it here. */
export interface ProcessingSignals extends AsyncDisposable {
  /** Calls back on each hint until disposed. */
  watch(id: string, moved: () => void): Disposable;
  /** How many watch now. */
  readonly watchers: number;
}

/** Two listeners on the bus for all watchers of this process; ids are unique over all kinds of things. */
export async function openProcessingSignals(bus: Bus): Promise<ProcessingSignals> {
  const watching = new Map<string, Set<() => void>>();
  const tell = (id: string) => {
    for (const moved of watching.get(id) ?? []) moved();
  };
  await using opening = new AsyncDisposableStack();
  opening.use(await bus.listen(trackProcessingMoved, ({ trackId }) => tell(trackId)));
  opening.use(await bus.listen(uploadMoved, ({ uploadId }) => tell(uploadId)));
  const listeners = opening.move();

  return {
    watch(id, moved) {
      // a function of its own for each watcher, so that one who watches twice counts twice
      const call = () => moved();
      const watchers = watching.get(id) ?? new Set();
      watching.set(id, watchers.add(call));
      return {
        [Symbol.dispose]() {
          watchers.delete(call);
          if (watchers.size === 0 && watching.get(id) === watchers) watching.delete(id);
        },
      };
    },
    get watchers() {
      return watching.values().reduce((sum, watchers) => sum + watchers.size, 0);
    },
    [Symbol.asyncDispose]: () => listeners.disposeAsync(),
  };
}
