import { LoginDocument } from '@volna/gateway/client';

import { openApi } from '../../client/api.ts';
import type { DeployedSite } from '../open-site.ts';
import {
  type Answered,
  endOf,
  FROM_CATALOG,
  FROM_SEARCH,
  isWell,
  keepAsking,
  msUntil,
  probe,
  sendSong,
  slowest,
} from '../probe-site.ts';
import type { Scenario } from '../scenario.ts';

const FROM_MANY = `{ ${FROM_CATALOG.slice(1, -1)} ${FROM_SEARCH.slice(1, -1)} }`;
const WITH_ALBUM = '{ tracks(first: 1) { edges { node { id title album { id } } } } }';
const BOUND_MS = 5_000;
/** G5: the circuit is closed again so soon. */
const CLOSED_MS = 5_000;
const ASKS = 12;

/** The cache, which nothing should hang on for long. */
export const f21: Scenario = {
  id: 'F21',
  fault: 'Redis is killed',
  async run({ site: open }) {
    const site = await open();
    const { redis } = site.volna.servers;
    const { username, password } = site.owner;
    const login = async () => {
      const input = { login: username, password };
      const answer = await openApi(site.endpoint)
        .ask(LoginDocument, { input })
        .catch((err: unknown) => ({ login: { session: null, errors: [{ code: String(err) }] } }));
      return answer.login.session ? 'let in' : (answer.login.errors[0]?.code ?? 'refused');
    };
    await redis.kill();
    const answers: Answered[] = [];
    for (let nth = 0; nth < ASKS; nth++) answers.push(await probe(site, FROM_MANY));
    const without = await login();
    await redis.start();
    const recoveryMs = await msUntil('a login is let in', async () => (await login()) === 'let in');
    const sick = answers.filter((answer) => !isWell(answer));
    return {
      happened: `${sick.length} of ${ASKS} queries failed, slowest ${slowest(answers)} ms; a login meanwhile: ${without}`,
      recoveryMs,
      problems: [
        ...sick.map(({ codes }) => `a query failed: ${codes.join()}`),
        ...(slowest(answers) > BOUND_MS ? [`a query took ${slowest(answers)} ms`] : []),
      ],
    };
  },
};

/** A subgraph that is gone, and one that answers nothing. */
export const f22: Scenario = {
  id: 'F22',
  fault: 'the albums subgraph is killed, then frozen (SIGSTOP)',
  async run({ site: open, programs: { ffmpeg } }) {
    const site = await open();
    // what is asked of the subgraph is the album of a track
    await endOf(site, (await sendSong(site, ffmpeg, 'Alone')).trackId);
    const kill = await takeAway(
      site,
      () => site.volna.entry('albums').kill(),
      async () => void (await site.volna.start('albums')),
    );
    const { pid } = site.volna.entry('albums');
    const freeze = await takeAway(
      site,
      async () => void process.kill(pid, 'SIGSTOP'),
      async () => void process.kill(pid, 'SIGCONT'),
    );
    return {
      happened: `killed: ${kill.happened}; frozen: ${freeze.happened}`,
      recoveryMs: Math.max(kill.recoveryMs, freeze.recoveryMs),
      problems: [...kill.problems, ...freeze.problems],
    };
  },
};

async function takeAway(site: DeployedSite, take: () => Promise<void>, bring: () => Promise<void>) {
  await msUntil('all is well', async () => isWell(await probe(site, WITH_ALBUM)));
  await take();
  const others = keepAsking(() => probe(site, FROM_CATALOG));
  const answers: Answered[] = [];
  for (let nth = 0; nth < ASKS; nth++) answers.push(await probe(site, WITH_ALBUM));
  const unaffected = await others.stop();
  await bring();
  const recoveryMs = await msUntil('all is well', async () => isWell(await probe(site, WITH_ALBUM)));
  const partial = answers.filter(
    ({ data, codes }) => data?.['tracks'] && codes.length > 0 && codes.every(isUnavailable),
  );
  const last = answers.at(-1)?.ms ?? 0;
  return {
    happened: `${partial.length} of ${ASKS} answers were partial, slowest ${slowest(answers)} ms, with the circuit open ${last} ms; ${unaffected.length} other queries, slowest ${slowest(unaffected)} ms`,
    recoveryMs,
    problems: [
      ...(partial.length < ASKS ? ['an answer lacked what was healthy, or had another error'] : []),
      ...(slowest(answers) > BOUND_MS ? [`an answer took ${slowest(answers)} ms`] : []),
      ...unaffected.filter((answer) => !isWell(answer)).map(({ codes }) => `unaffected: ${codes.join()}`),
      ...(recoveryMs > CLOSED_MS ? [`the circuit was open for ${recoveryMs} ms`] : []),
    ],
  };
}

const isUnavailable = (code: string) => code === 'SUBGRAPH_UNAVAILABLE';
