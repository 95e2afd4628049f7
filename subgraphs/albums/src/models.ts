import type {
  Album as AlbumRow,
  Playlist as PlaylistRow,
  PlaylistItem as ItemRow,
} from './generated/prisma/client.ts';

export type Album = AlbumRow;
export type Playlist = PlaylistRow;
export type PlaylistItem = ItemRow;

export interface Artist {
  readonly id: string;
}

export interface Track {
  readonly id: string;
}

export interface User {
  readonly id: string;
}
