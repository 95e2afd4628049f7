import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { SCOPES } from '@volna/platform/scopes';

import { composeSupergraph } from '../compose.ts';
import { readRuleTable } from './rule-table.ts';

/** What strangers may ask for: they have no account yet, or have lost the way into it, or are told nothing. */
const OPEN = {
  Mutation: [
    'completeOAuth',
    'login',
    'refreshSession',
    'register',
    'requestPasswordReset',
    'resetPassword',
    'startOAuth',
    'verifyEmail',
  ],
  Subscription: [
    // a finished erasure is shown to whoever knows its id: its owner has no account any more
    'dataRequestProgress',
    // a playlist that a stranger may see changes before their eyes
    'playlistUpdated',
    // to all but a track's owner there is no such track
    'trackProcessing',
  ],
};
const ADMINS = {
  Query: [
    'artistClaims',
    'auditLog',
    'deadLetters',
    'importPolicy',
    'importReport',
    'importRun',
    'importRuns',
    'importSources',
    'jobs',
    'moderationQueue',
    'platformChecks',
    'platformStats',
    'reanalysis',
    'reindexing',
    'roleRequests',
    'topSearches',
  ],
  Mutation: [
    'cancelImport',
    'createGenre',
    'createImportSource',
    'decideAppeal',
    'decideArtistClaim',
    'decideAuthenticity',
    'decideRoleRequest',
    'deleteGenre',
    'deleteImportSource',
    'mergeGenres',
    'moderate',
    'reanalyze',
    'reindex',
    'replayDeadLetter',
    'retryJob',
    'setRoles',
    'startImport',
    'updateGenre',
    'verifyArtist',
  ],
};

const table = readRuleTable(
  composeSupergraph(fileURLToPath(new URL('../../../supergraph.yaml', import.meta.url))),
);
const rulesOf = (type: string) => [...(table.get(type) ?? [])];

describe('the rules of Volna', () => {
  it.each(Object.entries(OPEN))('guard every field of %s that is not open on purpose', (type, open) => {
    const unguarded = rulesOf(type).filter(([, { rule }]) => rule === null);
    expect(unguarded.map(([name]) => name).filter((name) => !open.includes(name))).toEqual([]);
  });

  it.each(Object.entries(ADMINS))('keep of %s for ADMINs what is theirs', (type, names) => {
    const theirs = rulesOf(type).filter(([, { rule }]) => rule?.scopes.every((all) => all.includes('admin')));
    expect(theirs.map(([name]) => name).toSorted()).toEqual(names);
  });

  it('name only scopes that there are', () => {
    const rules = [...table.values()].flatMap((fields) => [...fields.values()].map(({ rule }) => rule));
    const named = new Set(rules.flatMap((rule) => rule?.scopes.flat() ?? []));
    expect([...named].toSorted()).toEqual(SCOPES.filter((scope) => scope !== 'read').toSorted());
    expect(rules.flatMap((rule) => rule?.policies.flat() ?? [])).toEqual([]);
  });

  it('leave open what shows strangers nothing anyway, and what has a global id', () => {
    for (const name of ['me', 'node', 'track', 'upload', 'dataRequest', 'playlist'])
      expect(table.get('Query')?.get(name)?.rule).toBeNull();
    expect(table.get('Node')?.get('id')?.rule).toBeNull();
  });
});
