import {
  analyzeOrdered,
  artistCreated,
  artistDeleted,
  artistTransferred,
  artistUpdated,
  clipAnalyzed,
  coverChanged,
  coverOrdered,
  type DataOf,
  decodeOrdered,
  type Definition,
  type EventDefinition,
  fetchOrdered,
  type JobDefinition,
  moderationDecided,
  trackCreated,
  trackOpennessChanged,
  trackDeleted,
  trackUpdated,
  trackPlayable,
  transcodeOrdered,
} from '@volna/events';
import type { Bus } from '@volna/platform/bus';

const LISTENED: readonly (EventDefinition | JobDefinition)[] = [
  analyzeOrdered,
  artistCreated,
  artistDeleted,
  artistTransferred,
  artistUpdated,
  clipAnalyzed,
  coverChanged,
  coverOrdered,
  decodeOrdered,
  moderationDecided,
  trackCreated,
  trackOpennessChanged,
  trackDeleted,
  trackUpdated,
  trackPlayable,
  fetchOrdered,
  transcodeOrdered,
] as readonly (EventDefinition | JobDefinition)[];

export interface Recorder extends AsyncDisposable {
  /** Everything of one kind, in order; of one track where it is told. */
  of<D extends Definition>(definition: D, about?: object): DataOf<D>[];
}

/** Hears what catalog says to the other services, in their stead. */
export async function openRecorder(bus: Bus): Promise<Recorder> {
  const heard: { subject: string; data: object }[] = [];
  await using opening = new AsyncDisposableStack();
  for (const definition of LISTENED) {
    const { subject } = definition;
    const listener = bus.consume(definition, 'recorder', async (data) => {
      heard.push({ subject, data: data as object });
    });
    opening.use(await listener);
  }
  const opened = opening.move();
  return {
    of: <D extends Definition>({ subject }: D, about: object = {}) =>
      heard
        .filter((message) => message.subject === subject && matches(message.data, about))
        .map(({ data }) => data as DataOf<D>),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function matches(data: object, about: object): boolean {
  const values = new Map(Object.entries(data));
  return Object.entries(about).every(([key, value]) => values.get(key) === value);
}
