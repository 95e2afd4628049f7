import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artistUpdated, collectionAsked, moderationDecided, newId } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { eraseRows } from '@volna/platform/personal-data';
import { askEntity } from '@volna/platform/testing/entities';
import { watchStatements } from '@volna/platform/testing/statements';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { createPersonalData } from './personal-data.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aTrack } from './testing/operations.ts';
import { aReadyTrack } from './testing/stages.ts';

const admin = aViewer({ roles: ['USER', 'ADMIN'] });
const CASE = `id targetType targetId title state decision reason appeal reportCount owner { id } track { id } artist { id }
  reports { reporter { id } category text } history { kind actor { id } decision note }`;
const REPORT = `mutation ($input: ReportContentInput!) { reportContent(input: $input) { ok errors { code path } } }`;
const mutation = (name: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { case { ${CASE} } errors { code path } } }`;
const QUEUE = `query ($state: CaseState, $targetType: ModerationTarget, $first: Int, $after: String) {
  moderationQueue(state: $state, targetType: $targetType, first: $first, after: $after) {
    edges { cursor node { ${CASE} } } pageInfo { hasNextPage endCursor } } }`;
const TRACK = `query ($id: ID!) { track(id: $id) { id title moderation moderationCase { ${CASE} } } }`;
const NONE = { case: null };

let catalog: TestCatalog;
beforeAll(async () => {
  catalog = await openCatalog();
});
afterAll(async () => catalog[Symbol.asyncDispose]());

const report = async (who: Viewer, targetId: string, more: object = {}) =>
  (await catalog.as(who)(REPORT, { input: { targetId, category: 'SPAM', ...more } })).data.reportContent;

/** What one of the mutations about cases gives. */
async function change(who: Viewer, name: string, input: object) {
  const { data, errors } = await catalog.as(who)(mutation(name), { input });
  expect(errors).toBeUndefined();
  await catalog.settle();
  return data[name];
}

/** Likewise, where it goes well. */
async function decide(input: object, name = 'moderate') {
  const { case: decided, errors } = await change(admin, name, input);
  expect(errors).toEqual([]);
  return decided;
}

const hide = (targetId: string, decision = 'HIDDEN') => decide({ targetId, decision, reason: 'Not yours.' });
const refused = (code: string, ...path: string[]) => ({
  errors: [{ code, path: path.length ? path : null }],
});
const trackFor = async (who: Viewer | null, id: string) => (await catalog.as(who)(TRACK, { id })).data.track;
const queue = async (variables: object = {}) =>
  (await catalog.as(admin)(QUEUE, { ...variables })).data.moderationQueue;

describe('reports', () => {
  it('open one case about a thing, which others join, and are made once by each', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    const [one, two] = [aViewer(), aViewer()];
    expect(await report(one, trackId, { text: ' stolen ' })).toEqual({ ok: true, errors: [] });
    expect(await report(two, trackId, { category: 'COPYRIGHT' })).toMatchObject({ ok: true });
    expect(await report(one, trackId)).toEqual({ ok: false, ...refused('ALREADY_REPORTED', 'targetId') });

    const found = (await trackFor(admin, trackId)).moderationCase;
    expect(found).toMatchObject({
      state: 'OPEN',
      decision: null,
      reportCount: 2,
      owner: { id: owner.userId },
    });
    expect(found.reports).toEqual([
      { reporter: { id: one.userId }, category: 'SPAM', text: 'stolen' },
      { reporter: { id: two.userId }, category: 'COPYRIGHT', text: null },
    ]);
    expect(found.history.map(({ kind }: { kind: string }) => kind)).toEqual(['REPORTED', 'REPORTED']);
  });

  it('are taken of what the reporter sees and does not own', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    const { trackId: unready } = await aTrack(catalog);
    const reporter = aViewer();
    for (const id of [unready, newId('Track'), newId('Genre'), 'nothing']) {
      expect(await report(reporter, id)).toMatchObject(refused('NOT_FOUND', 'targetId'));
    }
    expect(await report(owner, trackId)).toMatchObject(refused('BAD_USER_INPUT', 'targetId'));
    expect(await report(reporter, trackId, { text: 'x'.repeat(2001) })).toMatchObject(
      refused('BAD_USER_INPUT', 'text'),
    );
  });

  it('are counted: at most twenty an hour of one user, however many at once', async () => {
    const { viewer, artistId } = await anArtist(catalog);
    const ids = [];
    for (let at = 0; at < 25; at++) {
      const id = newId('Artist');
      await catalog.db.artist.create({ data: { id, ownerId: viewer.userId, name: `Page ${at}` } });
      ids.push(id);
    }
    const reporter = aViewer();
    const answers = await Promise.all(ids.map((id) => report(reporter, id)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
    expect(await report(reporter, artistId)).toMatchObject(refused('RATE_LIMITED'));
    expect(await report(aViewer(), artistId)).toMatchObject({ ok: true });
  });

  it('open one case though many are made at once', async () => {
    const { artistId } = await anArtist(catalog);
    const answers = await Promise.all(Array.from({ length: 8 }, () => report(aViewer(), artistId)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await catalog.db.moderationCase.count({ where: { targetId: artistId } })).toBe(1);
  });

  it('are taken of albums and playlists as albums knows them', async () => {
    const [albumId, hiddenId] = [newId('Album'), newId('Playlist')];
    const ownerId = newId('User');
    const asked: unknown[] = [];
    await using _answering = await catalog.bus.answer(collectionAsked, 'albums', async (question) => {
      asked.push(question);
      const isThere = question.id === albumId;
      return { collection: isThere ? { ownerId, title: 'Days', mayEdit: false } : null };
    });
    const reporter = aViewer();
    expect(await report(reporter, albumId)).toMatchObject({ ok: true });
    expect(await report(reporter, hiddenId)).toMatchObject(refused('NOT_FOUND', 'targetId'));
    expect(asked[0]).toEqual({ id: albumId, viewerId: reporter.userId, isAdmin: false });

    expect(await decide({ targetId: albumId, decision: 'HIDDEN', reason: 'Stolen.' })).toMatchObject({
      targetType: 'ALBUM',
      title: 'Days',
      state: 'DECIDED',
    });
    expect(catalog.recorder.of(moderationDecided, { targetId: albumId })).toEqual([
      { targetType: 'ALBUM', targetId: albumId, ownerId, state: 'HIDDEN', at: expect.any(String) },
    ]);
  });
});

describe('decisions', () => {
  it('hide a track from everybody but its owner and an ADMIN, until it is cleared', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    await report(aViewer(), trackId);
    const decided = await hide(trackId);
    expect(decided).toMatchObject({ state: 'DECIDED', decision: 'HIDDEN', reason: 'Not yours.' });
    for (const who of [aViewer(), null]) expect(await trackFor(who, trackId)).toBeNull();
    for (const who of [owner, admin]) {
      expect(await trackFor(who, trackId)).toMatchObject({ moderation: 'HIDDEN' });
    }
    await decide({ targetId: trackId, decision: 'CLEAR', note: 'a mistake' });
    expect(await trackFor(null, trackId)).toMatchObject({ moderation: null, moderationCase: null });
    const told = catalog.recorder.of(moderationDecided, { targetId: trackId });
    expect(told.map(({ state }) => state)).toEqual(['HIDDEN', 'CLEAR']);
    expect(Date.parse(told[1]?.at ?? '')).toBeGreaterThan(Date.parse(told[0]?.at ?? ''));
  });

  it('hide an artist page with its tracks, and bring both back', async () => {
    const { trackId, artistId, viewer: owner } = await aReadyTrack(catalog);
    await hide(artistId, 'TAKEN_DOWN');
    const seen = async (who: Viewer | null) => {
      const { data } = await catalog.as(who)(
        `query ($id: ID!) { artist(id: $id) { id } artists(first: 100) { edges { node { id } } } }`,
        { id: artistId },
      );
      const entity = await askEntity(
        catalog.subgraph,
        who,
        { __typename: 'Artist', nodeKey: artistId },
        'name',
      );
      const owned = await askEntity(
        catalog.subgraph,
        who,
        { __typename: 'User', id: owner.userId },
        'artists { id }',
      );
      return [
        JSON.stringify(data).includes(artistId),
        entity.includes('Polar Tide'),
        owned.includes(artistId),
      ];
    };
    for (const who of [aViewer(), null]) {
      expect(await seen(who)).toEqual([false, false, false]);
      expect(await trackFor(who, trackId)).toBeNull();
    }
    for (const who of [owner, admin]) {
      expect(await seen(who)).toEqual([true, true, true]);
      // nothing is decided of the track itself
      expect(await trackFor(who, trackId)).toMatchObject({ moderation: 'CLEAR' });
    }
    expect(catalog.recorder.of(artistUpdated, { artistId }).at(-1)?.isOpen).toBe(false);

    await decide({ targetId: artistId, decision: 'CLEAR' });
    expect(await seen(null)).toEqual([true, true, true]);
    expect(await trackFor(null, trackId)).not.toBeNull();
  });

  it('keep a track hidden that is hidden by itself when its page comes back', async () => {
    const { trackId, artistId } = await aReadyTrack(catalog);
    await hide(trackId);
    await hide(artistId);
    await decide({ targetId: artistId, decision: 'CLEAR' });
    expect(await trackFor(null, trackId)).toBeNull();
  });

  it('need a reason, a thing and an ADMIN', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    const input = { targetId: trackId, decision: 'HIDDEN' };
    expect(await change(admin, 'moderate', input)).toEqual({
      ...NONE,
      ...refused('BAD_USER_INPUT', 'reason'),
    });
    const nowhere = { ...input, targetId: newId('Track'), reason: 'x' };
    expect(await change(admin, 'moderate', nowhere)).toEqual({
      ...NONE,
      ...refused('NOT_FOUND', 'targetId'),
    });
    const { errors } = await catalog.as(owner)(mutation('moderate'), { input: { ...input, reason: 'x' } });
    expect(errors?.[0].extensions.code).toBe('FORBIDDEN');
    const asked = await catalog.as(owner)(QUEUE, {});
    expect(asked.errors?.[0].extensions.code).toBe('FORBIDDEN');
  });

  it('end the case of a thing that its owner has deleted', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    await report(aViewer(), trackId);
    const drop = 'mutation ($input: DeleteTrackInput!) { deleteTrack(input: $input) { deletedId } }';
    await catalog.as(owner)(drop, { input: { trackId } });
    expect(await decide({ targetId: trackId, decision: 'CLEAR' })).toMatchObject({
      state: 'DECIDED',
      track: null,
    });
  });
});

describe('appeals', () => {
  const APPEAL = 'I recorded this song myself in 2019.';

  it('are the owner’s, once, about a decision that hides', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    const { id: caseId } = await decide({ targetId: trackId, decision: 'CLEAR' });
    const appeal = (who: Viewer, input: object = {}) =>
      change(who, 'appealModeration', { caseId, text: APPEAL, ...input });
    expect(await appeal(owner)).toMatchObject(refused('NOTHING_TO_APPEAL', 'caseId'));
    expect((await hide(trackId)).id).toBe(caseId);
    for (const who of [aViewer(), admin]) {
      expect(await appeal(who)).toMatchObject(refused('NOT_FOUND', 'caseId'));
    }
    expect(await appeal(owner, { text: 'too short' })).toMatchObject(refused('BAD_USER_INPUT', 'text'));
    expect(await appeal(owner)).toMatchObject({ case: { state: 'APPEALED', appeal: APPEAL }, errors: [] });
    expect(await appeal(owner)).toMatchObject(refused('ALREADY_APPEALED', 'caseId'));
    expect(await change(admin, 'moderate', { targetId: trackId, decision: 'CLEAR' })).toMatchObject(
      refused('BAD_USER_INPUT', 'targetId'),
    );
  });

  it('bring the thing back where they are granted, and end the case either way', async () => {
    for (const grant of [true, false]) {
      const { trackId, viewer: owner } = await aReadyTrack(catalog);
      const { id: caseId } = await hide(trackId);
      const answer = { caseId, grant, reason: grant ? 'You are right.' : 'It is not.' };
      expect(await change(admin, 'decideAppeal', answer)).toMatchObject(refused('BAD_USER_INPUT', 'caseId'));
      await change(owner, 'appealModeration', { caseId, text: APPEAL });
      const closed = await decide(answer, 'decideAppeal');
      expect(closed).toMatchObject({ state: 'CLOSED', reason: answer.reason });
      expect(closed.decision).toBe(grant ? 'CLEAR' : 'HIDDEN');
      expect(closed.history.map(({ kind }: { kind: string }) => kind)).toEqual([
        'DECIDED',
        'APPEALED',
        grant ? 'APPEAL_GRANTED' : 'APPEAL_REFUSED',
      ]);
      expect((await trackFor(null, trackId)) !== null).toBe(grant);
      expect(await change(admin, 'decideAppeal', answer)).toMatchObject(refused('ALREADY_DECIDED', 'caseId'));
      const again = await change(owner, 'appealModeration', { caseId, text: APPEAL });
      expect(again).toMatchObject(refused('ALREADY_APPEALED', 'caseId'));
      // a decision after the last word is another matter, which may be appealed again
      expect((await hide(trackId)).id).not.toBe(caseId);
    }
  });
});

describe('a case', () => {
  it('tells its owner the decision, but neither who reported nor what moderators noted', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    const reporter = aViewer();
    await report(reporter, trackId, { text: 'secret words' });
    await decide({ targetId: trackId, decision: 'HIDDEN', reason: 'Not yours.', note: 'seen before' });
    const told = await trackFor(owner, trackId);
    expect(told.moderationCase).toMatchObject({
      reason: 'Not yours.',
      reportCount: 1,
      reports: null,
      history: null,
    });
    const cases = `moderationCases { edges { node { ${CASE} } } }`;
    const ofUser = (who: Viewer | null) =>
      askEntity(catalog.subgraph, who, { __typename: 'User', id: owner.userId }, cases);
    for (const text of [JSON.stringify(told), await ofUser(owner)]) {
      for (const secret of [reporter.userId, 'secret words', 'seen before', admin.userId]) {
        expect(text).not.toContain(secret);
      }
    }
    expect(await ofUser(owner)).toContain(trackId);
    expect(await ofUser(admin)).toContain('seen before');
    for (const who of [reporter, null]) expect(await ofUser(who)).toContain('"moderationCases":null');
  });

  it('waits in a queue, the oldest first, in as many statements for a hundred as for ten', async () => {
    const ownerId = newId('User');
    const ids = Array.from({ length: 110 }, () => newId('ModerationCase')).toSorted();
    for (const id of ids) {
      const targetId = newId('Playlist');
      const reports = { create: [{ reporterId: newId('User'), category: 'SPAM' as const }] };
      const actions = { create: [{ id: newId('ModerationAction'), kind: 'REPORTED' as const }] };
      const about = { targetType: 'PLAYLIST' as const, targetId, ownerId, title: 'Mine' };
      await catalog.db.moderationCase.create({ data: { id, ...about, reports, actions } });
    }
    const statements = async (first: number) => {
      using watched = watchStatements();
      const { edges } = await queue({ targetType: 'PLAYLIST', first });
      expect(edges).toHaveLength(first);
      // the relay looks for work by the clock
      return watched.texts.filter((text) => !/outbox|advisory/.test(text)).length;
    };
    expect(await statements(100)).toBe(await statements(10));
    const first = await queue({ targetType: 'PLAYLIST', first: 100 });
    const rest = await queue({ targetType: 'PLAYLIST', first: 100, after: first.pageInfo.endCursor });
    const seen = [...first.edges, ...rest.edges].map(({ node }) => node.id);
    expect(seen.filter((id) => ids.includes(id))).toEqual(ids);
    expect(first.edges[0].node.reportCount).toBe(1);
  });
});

describe('the audit trail', () => {
  it('is appended to: the database refuses to change or to drop what was done', async () => {
    const { trackId } = await aReadyTrack(catalog);
    await report(aViewer(), trackId);
    const { id: caseId } = await hide(trackId);
    for (const sql of [
      `UPDATE moderation_action SET decision = 'CLEAR' WHERE case_id = '${caseId}'`,
      `UPDATE moderation_action SET actor_id = 'somebody else' WHERE case_id = '${caseId}'`,
      `UPDATE moderation_action SET note = 'something else' WHERE case_id = '${caseId}'`,
      `DELETE FROM moderation_action WHERE case_id = '${caseId}'`,
      `DELETE FROM moderation_case WHERE id = '${caseId}'`,
      `TRUNCATE moderation_action`,
    ]) {
      await expect(catalog.pool.query(sql)).rejects.toThrow(/kept as it is/);
    }
    expect(await catalog.db.moderationAction.count({ where: { caseId } })).toBe(2);
  });

  it('stays when people are erased, without saying who they were', async () => {
    const { trackId, viewer: owner } = await aReadyTrack(catalog);
    const reporter = aViewer();
    await report(reporter, trackId, { text: 'stolen' });
    const { id: caseId } = await decide({
      targetId: trackId,
      decision: 'HIDDEN',
      reason: 'Not yours.',
      note: 'of the owner',
    });
    await using client = await connect();
    for (const { userId } of [reporter, owner, admin]) {
      await eraseRows(client.connection, createPersonalData(catalog.deps), userId);
    }
    const kept = await catalog.db.moderationCase.findUniqueOrThrow({
      where: { id: caseId },
      include: { actions: true, reports: true },
    });
    expect(kept.actions.map(({ kind }) => kind).toSorted()).toEqual(['DECIDED', 'REPORTED']);
    for (const trace of [
      reporter.userId,
      owner.userId,
      admin.userId,
      'stolen',
      'of the owner',
      'Not yours.',
    ]) {
      expect(JSON.stringify(kept)).not.toContain(trace);
    }
  });
});

async function connect() {
  const connection = await catalog.pool.connect();
  return { connection, [Symbol.asyncDispose]: async () => connection.release() };
}
