import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Resolver types of one subgraph: `schema.graphql` in, `src/generated/graphql.ts` out. Resolvers of the types
 * named here get the rows that `src/models.ts` exports under the same names.
 */
function subgraph(name: string, models: readonly string[]): CodegenConfig['generates'] {
  return {
    [`subgraphs/${name}/src/generated/graphql.ts`]: {
      schema: `subgraphs/${name}/schema.graphql`,
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: '../context.ts#Context',
        mappers: Object.fromEntries(models.map((model) => [model, `../models.ts#${model} as ${model}Model`])),
      },
    },
  };
}

export default {
  generates: {
    ...subgraph('users', [
      'User',
      'Session',
      'UserSession',
      'OAuthIdentity',
      'ApiKey',
      'RoleRequest',
      'AuditEntry',
      'DataRequest',
      'DataRequestPart',
    ]),
    ...subgraph('catalog', [
      'Track',
      'Artist',
      'Upload',
      'Job',
      'User',
      'TrackProcessing',
      'ArtistClaim',
      'TrackCredit',
      'ModerationCase',
      'ContentReport',
      'ModerationAction',
      'Genre',
      'TrackGenre',
      'DuplicateProposal',
      'ImportSource',
      'ImportRun',
      'ImportReport',
      'ImportFile',
    ]),
    ...subgraph('albums', [
      'Album',
      'Playlist',
      'PlaylistItem',
      'PlaylistFolder',
      'PlaylistInvite',
      'PlaylistUpdate',
      'SmartRule',
      'Artist',
      'Track',
      'User',
    ]),
    ...subgraph('playback', ['Track', 'User', 'HistoryEntry', 'Player', 'PlayerItem', 'Room']),
    ...subgraph('analytics', ['Track', 'Artist', 'User', 'TrackStats', 'ArtistStats', 'UserStats']),
    ...subgraph('search', [
      'Track',
      'Artist',
      'Album',
      'Wave',
      'WaveItem',
      'WaveDecision',
      'AudioSearch',
      'AudioSearchUpdate',
      'AudioMatch',
      'User',
      'TasteProfile',
      'TasteAnchor',
      'TasteArtist',
      'ForgottenAnchor',
      'BlockedArtist',
      'OnboardingPick',
      'GeneratedPlaylist',
      'Shelf',
      'ShelfItem',
      'RadioEdge',
      'SearchResults',
      'TrackHitConnection',
      'TrackHitEdge',
      'ArtistHitEdge',
      'AlbumHitEdge',
      'PlaylistHitEdge',
    ]),
    'gateway/src/generated/client/': {
      schema: 'gateway/src/generated/api.graphql',
      documents: ['gateway/operations/*.graphql'],
      preset: 'client',
      presetConfig: { persistedDocuments: true, fragmentMasking: false },
      config: { emitLegacyCommonJSImports: false },
    },
  },
  config: {
    federation: true,
    enumsAsTypes: true,
    useTypeImports: true,
    importExtension: '.ts',
    defaultScalarType: 'unknown',
    scalars: { ID: 'string', DateTime: { input: 'string', output: 'Date | string' } },
    inputMaybeValue: 'T | null | undefined',
  },
} satisfies CodegenConfig;
