import { setTimeout as pause } from 'node:timers/promises';

import { StreamDocument } from '@volna/gateway/client';

import type { Toxin } from '../../testing/toxic.ts';
import { audit } from '../audit.ts';
import type { DeployedSite } from '../open-site.ts';
import { endOf, sendSong } from '../probe-site.ts';
import type { Scenario } from '../scenario.ts';

const SICK_MS = 30_000;
const BUSY = 'HTTP/1.1 503 Slow Down\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** An object store that is busy. */
export const f18: Scenario = {
  id: 'F18',
  fault: 'the object store answers 503 for 30 s during a transcode',
  async run({ site: open, programs: { ffmpeg } }) {
    return poisonStore(
      await open(),
      () => [{ answersWith: BUSY }, SICK_MS],
      (site) => sendSong(site, ffmpeg, 'Full store'),
    );
  },
};

/** One that breaks off in the middle of what it sends, then one that is slow. */
export const f19: Scenario = {
  id: 'F19',
  fault: 'the object store breaks off each answer after 20 kB, then sends 5 kB/s',
  async run({ site: open, programs: { ffmpeg } }) {
    const site = await open();
    const song = (name: string) => (of: DeployedSite) => sendSong(of, ffmpeg, name);
    const cut = await poisonStore(site, () => [{ cutAfterBytes: 20_000 }, 10_000], song('Cut off'));
    const slow = await poisonStore(site, () => [{ bytesPerSecond: 5_000 }, 10_000], song('Slow water'));
    return {
      happened: `cut: ${cut.happened}; slow: ${slow.happened}`,
      recoveryMs: Math.max(cut.recoveryMs, slow.recoveryMs),
      problems: [...cut.problems, ...slow.problems],
    };
  },
};

/** Uploads, then makes the store sick until it is healed, and looks whether what is served is whole. */
async function poisonStore(
  site: DeployedSite,
  sickness: () => readonly [Toxin, number],
  send: (site: DeployedSite) => Promise<{ trackId: string }>,
) {
  const line = site.volna.line('minio:9000');
  const { trackId } = await send(site);
  const [toxin, ms] = sickness();
  line.poison(toxin);
  line.drop();
  await pause(ms);
  line.poison({});
  const healed = Date.now();
  const end = await endOf(site, trackId);
  const recoveryMs = Date.now() - healed;
  const problems = end === 'READY' ? await servedIncomplete(site, trackId) : [`the upload ended ${end}`];
  const { problems: left, retries } = await audit(site, [trackId], { isAll: false });
  return { happened: `${end} after ${retries} tries again`, recoveryMs, problems: [...problems, ...left] };
}

/** Fetches each rendition as a player does; what is shorter than its playlists say is a problem. */
async function servedIncomplete(site: DeployedSite, trackId: string): Promise<string[]> {
  const { track } = await site.owner.api.ask(StreamDocument, { id: trackId });
  const master = track?.stream?.hlsUrl ?? '';
  const problems: string[] = [];
  for (const playlist of await urlsIn(master)) {
    for (const segment of await urlsIn(playlist)) {
      const response = await fetch(segment);
      const bytes = (await response.arrayBuffer().catch(() => new ArrayBuffer(0))).byteLength;
      const told = Number(response.headers.get('content-length'));
      if (!response.ok || bytes === 0 || (told > 0 && told !== bytes))
        problems.push(`${new URL(segment).pathname}: ${response.status}, ${bytes} of ${told} bytes`);
    }
  }
  return problems;
}

async function urlsIn(playlist: string): Promise<string[]> {
  const text = await (await fetch(playlist)).text();
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return lines.map((line) => new URL(line, playlist).href);
}
