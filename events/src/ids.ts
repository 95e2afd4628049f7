import { randomFillSync } from 'node:crypto';

import { z } from 'zod';

/**
 * Global ids: a type prefix and a UUID v7 in hex, `trk_0192f6c2…`. They are unique over all types, sort by
 * time of creation, are the primary keys of the rows and the `ID`s of the API alike.
 */
const PREFIX = {
  User: 'usr',
  Session: 'ses',
  ApiKey: 'key',
  RoleRequest: 'rrq',
  DataRequest: 'drq',
  Letter: 'let',
  Artist: 'art',
  Track: 'trk',
  Upload: 'upl',
  Genre: 'gen',
  DuplicateProposal: 'dup',
  ArtistClaim: 'clm',
  ModerationCase: 'mod',
  ModerationAction: 'mda',
  ImportSource: 'ims',
  ImportRun: 'imr',
  Job: 'job',
  Album: 'alb',
  Playlist: 'pls',
  PlaylistItem: 'pli',
  PlaylistFolder: 'plf',
  PlaylistInvite: 'plv',
  Wave: 'wav',
  AudioSearch: 'aus',
  Room: 'rom',
} as const;

export type IdType = keyof typeof PREFIX;

function id<T extends IdType>(type: T) {
  return z
    .string()
    .regex(new RegExp(`^${PREFIX[type]}_[0-9a-f]{32}$`), `not the id of a ${type}`)
    .brand(type);
}

export const UserId = id('User');
export type UserId = z.infer<typeof UserId>;
export const SessionId = id('Session');
export type SessionId = z.infer<typeof SessionId>;
export const ApiKeyId = id('ApiKey');
export type ApiKeyId = z.infer<typeof ApiKeyId>;
export const RoleRequestId = id('RoleRequest');
export type RoleRequestId = z.infer<typeof RoleRequestId>;
export const DataRequestId = id('DataRequest');
export type DataRequestId = z.infer<typeof DataRequestId>;
export const LetterId = id('Letter');
export type LetterId = z.infer<typeof LetterId>;
export const ArtistId = id('Artist');
export type ArtistId = z.infer<typeof ArtistId>;
export const TrackId = id('Track');
export type TrackId = z.infer<typeof TrackId>;
export const UploadId = id('Upload');
export type UploadId = z.infer<typeof UploadId>;
export const GenreId = id('Genre');
export type GenreId = z.infer<typeof GenreId>;
export const DuplicateProposalId = id('DuplicateProposal');
export type DuplicateProposalId = z.infer<typeof DuplicateProposalId>;
export const ArtistClaimId = id('ArtistClaim');
export type ArtistClaimId = z.infer<typeof ArtistClaimId>;
export const ModerationCaseId = id('ModerationCase');
export type ModerationCaseId = z.infer<typeof ModerationCaseId>;
export const ModerationActionId = id('ModerationAction');
export type ModerationActionId = z.infer<typeof ModerationActionId>;
export const ImportSourceId = id('ImportSource');
export type ImportSourceId = z.infer<typeof ImportSourceId>;
export const ImportRunId = id('ImportRun');
export type ImportRunId = z.infer<typeof ImportRunId>;
export const JobId = id('Job');
export type JobId = z.infer<typeof JobId>;
export const AlbumId = id('Album');
export type AlbumId = z.infer<typeof AlbumId>;
export const PlaylistId = id('Playlist');
export type PlaylistId = z.infer<typeof PlaylistId>;
export const PlaylistItemId = id('PlaylistItem');
export type PlaylistItemId = z.infer<typeof PlaylistItemId>;
export const PlaylistFolderId = id('PlaylistFolder');
export type PlaylistFolderId = z.infer<typeof PlaylistFolderId>;
export const PlaylistInviteId = id('PlaylistInvite');
export type PlaylistInviteId = z.infer<typeof PlaylistInviteId>;
export const WaveId = id('Wave');
export type WaveId = z.infer<typeof WaveId>;
export const AudioSearchId = id('AudioSearch');
export type AudioSearchId = z.infer<typeof AudioSearchId>;
export const RoomId = id('Room');
export type RoomId = z.infer<typeof RoomId>;

const schemas = {
  User: UserId,
  Session: SessionId,
  ApiKey: ApiKeyId,
  RoleRequest: RoleRequestId,
  DataRequest: DataRequestId,
  Letter: LetterId,
  Artist: ArtistId,
  Track: TrackId,
  Upload: UploadId,
  Genre: GenreId,
  DuplicateProposal: DuplicateProposalId,
  ArtistClaim: ArtistClaimId,
  ModerationCase: ModerationCaseId,
  ModerationAction: ModerationActionId,
  ImportSource: ImportSourceId,
  ImportRun: ImportRunId,
  Job: JobId,
  Album: AlbumId,
  Playlist: PlaylistId,
  PlaylistItem: PlaylistItemId,
  PlaylistFolder: PlaylistFolderId,
  PlaylistInvite: PlaylistInviteId,
  Wave: WaveId,
  AudioSearch: AudioSearchId,
  Room: RoomId,
};

/** A new id of the given type. */
export function newId<T extends IdType>(type: T): z.infer<(typeof schemas)[T]> {
  return schemas[type].parse(`${PREFIX[type]}_${uuid7()}`) as z.infer<(typeof schemas)[T]>;
}

/** The type that an id names, or null for a string that is no id of ours. */
export function typeOfId(value: string): IdType | null {
  for (const [type, schema] of Object.entries(schemas))
    if (schema.safeParse(value).success) return type as IdType;
  return null;
}

/** UUID version 7 (RFC 9562 §5.7) in hex: 48 bits of Unix milliseconds, then random bits. */
function uuid7(): string {
  const bytes = randomFillSync(Buffer.alloc(16));
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex');
}
