import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { withClient } from '@volna/platform/database';
import { encodeCursor } from '@volna/platform/pagination';
import { type Statement, watchStatements } from '@volna/platform/testing/statements';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openAlbums, type OpenAlbums } from './testing/open-albums.ts';

const ROWS = 10_000;
const PAGE = 10;
/** Rows more that a page may read than the first: those that a cursor itself has to be looked up by. */
const SLACK = 3;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

/** How many rows all scans of a plan have looked at. */
function rowsRead(plan: Plan): number {
  const own = plan['Node Type'].endsWith(' Scan')
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0;
  return (plan.Plans ?? []).reduce((sum, inner) => sum + rowsRead(inner), own);
}

/** The statements that a function sends for its own sake, with their values. */
async function sentBy(run: () => Promise<unknown>): Promise<Statement[]> {
  using statements = watchStatements();
  await run();
  return statements.sent.filter(
    ({ text }) => /^\s*\(?\s*SELECT/.test(text) && !/outbox|advisory|SCHEDULED/.test(text),
  );
}

const second = (n: number) => new Date(Date.UTC(2020, 0, 1) + n * 1000).toISOString();
const items = (id: string, after: string) =>
  `query { playlist(id: "${id}") { items(first: ${PAGE}, after: "${after}") { edges { node { id } } } } }`;

describe('a page of a long list', () => {
  const me = aViewer();
  const [playlistId, smartId] = [newId('Playlist'), newId('Playlist')];
  let albums: OpenAlbums;

  beforeAll(async () => {
    albums = await openAlbums();
    const list = { ownerId: me.userId, title: 'Long', visibility: 'PUBLIC' };
    const smart = { rule: null, sort: 'ADDED_AT', direction: 'ASC', limit: 1000 };
    await albums.db.playlist.createMany({
      data: [
        { ...list, id: playlistId },
        { ...list, id: smartId, smart },
      ],
    });
    await withClient(albums.url, async (client) => {
      await client.query(
        `INSERT INTO track_ref (id, owner_id, is_open, title, title_key, added_at)
         SELECT 'trk_' || n, 'usr_x', TRUE, 't', 't', '2020-01-01Z'::timestamptz + n * interval '1 second'
         FROM generate_series(1, ${ROWS}) n`,
      );
      await client.query(
        `INSERT INTO playlist_item (id, playlist_id, track_id, position)
         SELECT 'pli_' || n, $1, 'trk_' || n, 'a' || lpad(n::text, 6, '0') FROM generate_series(1, ${ROWS}) n`,
        [playlistId],
      );
      await client.query(
        `INSERT INTO reaction (user_id, track_id, reaction, at)
         SELECT $1, 'trk_' || n, 'LIKE', '2020-01-01Z'::timestamptz + n * interval '1 second'
         FROM generate_series(1, ${ROWS}) n`,
        [me.userId],
      );
      await client.query('ANALYZE');
    });
  });
  afterAll(() => albums[Symbol.asyncDispose]());

  it.each<[string, (n: number) => string]>([
    ['a playlist', (n) => items(playlistId, encodeCursor([`a${String(n).padStart(6, '0')}`, `pli_${n}`]))],
    ['a smart playlist', (n) => items(smartId, encodeCursor([second(n), `trk_${n}`, 1]))],
    [
      'what came last',
      (n) => `query { recentlyAdded(first: ${PAGE}, after: "${encodeCursor([second(n), `trk_${n}`])}") {
        edges { node { id } } } }`,
    ],
    [
      'a library',
      (n) => `query { _entities(representations: [{ __typename: "User", id: "${me.userId}" }]) { ... on User {
        library(first: ${PAGE}, after: "${encodeCursor([second(n), `trk_${n}`])}") { edges { node { id } } } } } }`,
    ],
  ])('of %s reads no more rows when it is the thousandth', async (_name, query) => {
    const cost = async (n: number) => {
      const statements = await sentBy(() => albums.ask(me, query(n)));
      return withClient(albums.url, async (client) => {
        let rows = 0;
        for (const { text, values } of statements) {
          const plans = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values]);
          const [row] = plans.rows as { 'QUERY PLAN': [{ Plan: Plan }] }[];
          rows += row ? rowsRead(row['QUERY PLAN'][0].Plan) : 0;
        }
        return rows;
      });
    };
    const [first, thousandth] = [await cost(20), await cost(ROWS - 20)];
    expect(first).toBeGreaterThanOrEqual(PAGE);
    expect(first).toBeLessThan(10 * PAGE);
    expect(Math.abs(thousandth - first)).toBeLessThanOrEqual(SLACK);
  });
});
