import type { ServiceName } from '../backends/options.ts';

/**
 * The last migration of the release before this one: what its processes may still be running on while those of this one
 * migrate. To be set when a release is made.
 */
export const PREVIOUS_RELEASE: Readonly<Record<ServiceName, string>> = {
  users: '20261121100000_accounts_complete',
  catalog: '20261121167000_fields_given',
  albums: '20261121150000_moderation',
  playback: '20261121166000_players',
  search: '20261121168000_albums_at_once',
  analytics: '20261121167100_private_listener',
};
