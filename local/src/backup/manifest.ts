import { z } from 'zod';

/** Grows when an older release could not read what a newer one writes. */
export const FORMAT = 1;

export const HEADER = 'volna-backup.json';
export const MANIFEST = 'manifest.json';
/** SHA-256 of the manifest: the last entry, so that a file that was cut has none. */
export const SEAL = 'manifest.sha256';
export const INDEX = 'index/';
export const OBJECTS = 'objects/';
export const FILES = 'files/';
export const DATABASES = 'databases/';

export const Header = z.object({ kind: z.literal('volna-backup'), format: z.int(), begunAt: z.string() });

/** How HTTP serves an object. */
export const ObjectMeta = z.object({ contentType: z.string(), cacheControl: z.string().optional() });
export type ObjectMeta = z.infer<typeof ObjectMeta>;

/** What follows each thousand entries: what they have to be. */
export const Index = z.array(
  z.object({
    name: z.string(),
    sizeBytes: z.int(),
    sha256: z.string(),
    meta: ObjectMeta.optional(),
  }),
);
export type IndexedEntry = z.infer<typeof Index>[number];

export const DatabaseShape = z.object({
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** Tables that belong to another one, and for which values: services make them as time goes by. */
  partitions: z.array(z.object({ name: z.string(), parent: z.string(), bound: z.string() })),
  sequences: z.array(z.object({ name: z.string(), last: z.string(), isCalled: z.boolean() })),
});
export type DatabaseShape = z.infer<typeof DatabaseShape>;

export const Manifest = z.object({
  /** The instant that the databases are of. */
  point: z.string(),
  databases: z.record(z.string(), z.object({ shape: DatabaseShape, rows: z.record(z.string(), z.int()) })),
  objects: z.object({ count: z.int(), sizeBytes: z.int() }),
  files: z.array(z.string()),
  /** Before the manifest, indexes not counted. */
  entries: z.int(),
});
export type Manifest = z.infer<typeof Manifest>;

/** An archive cannot be used: it is damaged, cut, of another release, or no archive at all. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}
