import type { Image } from '@volna/events';
import type { z } from 'zod';

import type {
  Album as AlbumRow,
  Playlist as PlaylistRow,
  PlaylistFolder as FolderRow,
  PlaylistInvite as InviteRow,
  PlaylistItem as ItemRow,
} from './generated/prisma/client.ts';
import type { Rule } from './smart/rule.ts';

/** Sizes of a picture. */
export type StoredImages = readonly z.infer<typeof Image>[];

export type Album = Omit<AlbumRow, 'cover'> & { readonly cover: unknown };
/** What the viewer may do with it comes with it. */
export type Playlist = Omit<PlaylistRow, 'cover'> & {
  readonly cover: unknown;
  readonly viewerRole: Role | null;
};
export type PlaylistItem = Omit<ItemRow, 'playlistId'>;
export type PlaylistFolder = FolderRow;
export type PlaylistInvite = InviteRow;
export type SmartRule = Rule;

export type Role = 'OWNER' | 'EDITOR' | 'VIEWER';

export interface PlaylistUpdate {
  readonly seq: number;
  readonly kind: 'SNAPSHOT' | 'ITEMS_ADDED' | 'ITEMS_MOVED' | 'ITEMS_REMOVED' | 'CHANGED';
  readonly playlist: Playlist;
  readonly items: readonly PlaylistItem[];
  readonly removedItemIds: readonly string[];
  readonly isComplete: boolean;
}

export interface Artist {
  readonly id: string;
}

export interface Track {
  readonly id: string;
}

export interface User {
  readonly id: string;
}
