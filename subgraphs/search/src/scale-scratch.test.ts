import { it } from '@jest/globals';
import { openSearch } from './testing/open-search.ts';
import { searchLibrary } from './domain/search-library.ts';
import { suggest } from './domain/suggest.ts';
import { startWave } from './domain/start-wave.ts';
import { takeFeedback } from './domain/take-feedback.ts';
import { newId } from '@volna/events';
import { entryTexts } from './text/entry-texts.ts';
import { encodeVector, toUnit } from './ranking/vector.ts';
it('scale', async () => {
  await using s = await openSearch();
  const syl = ['ka','ri','mo','lu','ne','ta','shi','vo','der','ang','el','ou','bra','sto','fi','zen','qua','py','ther','ing'];
  let seed = 1; const r = (n: number) => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return Math.floor((seed / 0x7fffffff) * n) % n; };
  const word = () => Array.from({ length: 1 + r(3) }, () => syl[r(20)]).join('');
  const N = 30000;
  for (let from = 0; from < N; from += 2000) {
    const rows = Array.from({ length: 2000 }, (_, i) => ({ n: from + i, title: Array.from({ length: 1 + r(4) }, word).join(' '), artist: `${word()} ${word()}` }));
    await s.db.searchEntry.createMany({ data: rows.map(({ n, title, artist }) => ({ id: `trk_${String(n).padStart(32, '0')}`, kind: 'TRACK', ownerId: 'x', isPublic: true, artistId: `art_${n % 3000}`, year: 2000, genreKeys: [], ...entryTexts(title, [artist]) })) });
    await s.db.indexedTrack.createMany({ data: rows.map(({ n, title, artist }) => ({ id: `trk_${String(n).padStart(32, '0')}`, ownerId: 'x', artistId: `art_${n % 3000}`, artistName: artist, title, recordingKey: String(n), genres: [], tags: [], announced: 'VECTOR', createdAt: new Date(), describedAt: new Date(), embeddingModel: 'm', vectorStoredAt: new Date(), embedding: encodeVector(toUnit(Array.from({ length: 128 }, () => r(1000) - 500))) })) });
  }
  await s.db.$executeRawUnsafe('ANALYZE');
  const time = async (name: string, run: () => Promise<unknown>) => { const ts = []; let last; for (let i = 0; i < 7; i++) { const t = performance.now(); last = await run(); ts.push(performance.now() - t); } ts.sort((a, b) => a - b); console.log(name, ts[3]!.toFixed(1), 'ms', ts[6]!.toFixed(1), JSON.stringify(last)?.length); };
  for (const q of ['karimo', 'karimo luneta', 'ka', 'the', 'thering stofizen qua', 'vjuga'])
    await time(`search ${q}`, () => searchLibrary({ db: s.db }, null, q, {}));
  await time('search filter', () => searchLibrary({ db: s.db }, null, 'karimo', { yearFrom: 1990 }));
  for (const q of ['kar', 'thering', 'sto fi']) await time(`suggest ${q}`, () => suggest({ db: s.db }, null, q, 8));
  const deps = { ...s, wakeRelay: () => undefined }; const user = newId('User');
  await s.db.tasteAnchor.createMany({ data: Array.from({ length: 64 }, (_, i) => ({ userId: user, trackId: `trk_${String(i * 7).padStart(32, '0')}`, source: 'LIKED', weight: 1, at: new Date() })) });
  let wave = ''; await time('startWave', async () => { wave = (await startWave(deps as any, user, { seed: null, mood: 'ANY', activity: 'ANY', familiarity: 'DEFAULT', exploration: 0.08 })).id; });
  let seq = 1; await time('skip', async () => { const q = await s.db.waveItem.findFirst({ where: { waveId: wave, state: 'QUEUED' }, orderBy: { seq: 'asc' } }); await takeFeedback(deps as any, user, { waveId: wave, seq: q!.seq, clientEventId: String(seq++), type: 'SKIPPED', positionMs: 1000 }); });
}, 300000);
