import { z } from 'zod';

/** What the embedded bus remembers, one JSON line each. `by` is the consumer's name, or `*` for a job. */
export const JournalRecord = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    seq: z.number(),
    job: z.boolean(),
    subject: z.string(),
    /** The id of the envelope. */
    id: z.string(),
    /** Unix milliseconds. */
    at: z.number(),
    onlyFor: z.string().optional(),
    /** The envelope as it was published. */
    text: z.string(),
  }),
  z.object({ kind: z.literal('consumer'), subject: z.string(), by: z.string() }),
  z.object({ kind: z.literal('take'), seq: z.number(), by: z.string(), deliveries: z.number() }),
  z.object({ kind: z.literal('ack'), seq: z.number(), by: z.string() }),
  z.object({
    kind: z.literal('dead'),
    id: z.string(),
    job: z.boolean(),
    subject: z.string(),
    consumer: z.string(),
    reason: z.string(),
    deliveries: z.number(),
    failedAt: z.string(),
    text: z.string(),
  }),
  z.object({ kind: z.literal('replayed'), id: z.string() }),
  /** The id of a message that is handled and forgotten, so that it is not taken twice. */
  z.object({ kind: z.literal('seen'), job: z.boolean(), id: z.string(), at: z.number() }),
]);
export type JournalRecord = z.infer<typeof JournalRecord>;
export type MessageRecord = JournalRecord & { kind: 'message' };
export type DeadRecord = JournalRecord & { kind: 'dead' };

/** Where a record is: in the file, or in memory. */
export type Place = { readonly offset: number; readonly length: number } | { readonly record: JournalRecord };

/** A line of a journal that is written anew: a new record, or one that moves. */
export type Line =
  | { readonly record: JournalRecord }
  | { readonly place: Place; readonly moved: (place: Place) => void };

export interface Journal {
  readonly sizeBytes: number;
  append(record: JournalRecord): Promise<Place>;
  read(place: Place): Promise<JournalRecord>;
  /** Replaces all that is there. No append is under way while the lines are asked for. */
  rewrite(lines: () => Iterable<Line>): Promise<void>;
  close(): Promise<void>;
}

/** Forgets everything when the process ends. */
export function createMemoryJournal(): Journal {
  return {
    sizeBytes: 0,
    append: async (record) => ({ record }),
    read: async (place) => {
      if ('record' in place) return place.record;
      throw new Error('a place in a file');
    },
    rewrite: async () => undefined,
    close: async () => undefined,
  };
}
