const MIB = 1024 * 1024;
const MIN_PART_BYTES = 8 * MIB;
export const MAX_PART_BYTES = 64 * MIB;
/** Parts grow with the file, so that no list of parts gets long. */
const USUAL_PARTS = 256;

/** Kinds of audio files: what they may be called, and how their media type may be spelled. */
const FAMILIES = {
  mpeg: { extensions: ['mp3'], contentTypes: ['audio/mpeg', 'audio/mp3'] },
  flac: { extensions: ['flac'], contentTypes: ['audio/flac', 'audio/x-flac'] },
  wav: {
    extensions: ['wav'],
    contentTypes: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  },
  ogg: {
    extensions: ['ogg', 'oga', 'opus'],
    contentTypes: ['audio/ogg', 'audio/opus', 'audio/vorbis', 'application/ogg'],
  },
  mp4: {
    extensions: ['m4a', 'mp4'],
    contentTypes: ['audio/mp4', 'audio/x-m4a', 'audio/m4a', 'video/mp4'],
  },
  aac: { extensions: ['aac'], contentTypes: ['audio/aac', 'audio/aacp', 'audio/x-aac'] },
  aiff: { extensions: ['aiff', 'aif', 'aifc'], contentTypes: ['audio/aiff', 'audio/x-aiff'] },
} as const;

export type Family = keyof typeof FAMILIES;

/** What clients say that know nothing of a file but its name. */
const UNTYPED = 'application/octet-stream';

export interface UploadPolicy {
  readonly maxBytes: number;
  /** A longer recording ends as TOO_LONG. */
  readonly maxSeconds: number;
  /** What one user's files may take together; null for no limit. */
  readonly quotaBytes: number | null;
  /** How many uploads of one user's may be open at once. */
  readonly maxOpenUploads: number;
  /** How long an upload may take before what has arrived is thrown away. */
  readonly expiresAfterSeconds: number;
  readonly maxCoverBytes: number;
  /** Width times height. */
  readonly maxCoverPixels: number;
}

export const extensions = Object.values(FAMILIES).flatMap((family) => [...family.extensions]);
export const contentTypes = [
  ...Object.values(FAMILIES).flatMap((family): string[] => [...family.contentTypes]),
  UNTYPED,
];
/** Pictures that are taken. SVG is none of them: it is a program. */
export const coverContentTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];

const DEFAULTS: UploadPolicy = {
  maxBytes: 1024 * MIB,
  maxSeconds: 4 * 60 * 60,
  // who runs Volna for themselves fills their own disk; who runs it for others sets a quota
  quotaBytes: null,
  maxOpenUploads: 100,
  expiresAfterSeconds: 24 * 60 * 60,
  maxCoverBytes: 20 * MIB,
  maxCoverPixels: 25_000_000,
};

type Told = { readonly [Name in keyof UploadPolicy]?: UploadPolicy[Name] | undefined };

/** 1 GiB and four hours a file, 100 open uploads of a day each and no quota, unless told. */
export function readUploadPolicy(told: Told = {}): UploadPolicy {
  const said = Object.entries(told).filter(([, value]) => value !== undefined);
  return { ...DEFAULTS, ...Object.fromEntries(said) };
}

/** The family that a file name and its media type agree on; null where they don't or we take no such files. */
export function familyOf(filename: string, contentType: string): Family | null {
  const extension = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  const family = familyWith('extensions', extension);
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  return type === UNTYPED || familyWith('contentTypes', type) === family ? family : null;
}

/** The family of a media type, whatever the file is called. */
export function familyOfType(contentType: string): Family | null {
  return familyWith('contentTypes', contentType);
}

/** The usual ending of such a file. */
export function extensionOf(family: Family): string {
  return FAMILIES[family].extensions[0];
}

export function partBytesOf(sizeBytes: number): number {
  const wanted = Math.ceil(sizeBytes / USUAL_PARTS / MIB) * MIB;
  return Math.min(MAX_PART_BYTES, Math.max(MIN_PART_BYTES, wanted));
}

/** Sizes of all parts, the first one first. */
export function partSizes(sizeBytes: number, partBytes: number): number[] {
  const count = Math.max(1, Math.ceil(sizeBytes / partBytes));
  return Array.from({ length: count }, (_, index) => Math.min(partBytes, sizeBytes - index * partBytes));
}

function familyWith(field: 'extensions' | 'contentTypes', value: string): Family | null {
  for (const [name, family] of Object.entries(FAMILIES)) {
    if ((family[field] as readonly string[]).includes(value)) return name as Family;
  }
  return null;
}
