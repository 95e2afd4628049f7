import { setTimeout as pause } from 'node:timers/promises';

import { audit } from '../audit.ts';
import { endOf, FROM_CATALOG, isWell, keepAsking, probe, sendSong, slowest } from '../probe-site.ts';
import type { Scenario } from '../scenario.ts';

const FROZEN_MS = 20_000;
/** As long as a request may take whatever the broker does. */
const BOUND_MS = 5_000;

/** A broker that is there and answers nothing. */
export const f13: Scenario = {
  id: 'F13',
  fault: 'the broker is frozen (SIGSTOP) for 20 s during uploads',
  async run({ site: open, programs: { ffmpeg } }) {
    const site = await open();
    const before = await sendSong(site, ffmpeg, 'Before the calm');
    const { nats } = site.volna.servers;
    process.kill(nats.pid, 'SIGSTOP');
    const asking = keepAsking(() => probe(site, FROM_CATALOG));
    const sent = sendSong(site, ffmpeg, 'Dead calm');
    await pause(FROZEN_MS);
    process.kill(nats.pid, 'SIGCONT');
    const answers = await asking.stop();
    const healed = Date.now();
    const during = await sent;
    const ends = await Promise.all([before, during].map(({ trackId }) => endOf(site, trackId)));
    const recoveryMs = Date.now() - healed;
    const { problems } = await audit(site, [before.trackId, during.trackId], { isAll: false });
    const sick = answers.filter((answer) => !isWell(answer)).length;
    return {
      happened: `${answers.length} queries, ${sick} failed, slowest ${slowest(answers)} ms; uploads met ${during.hindrances} errors and ended ${ends.join(', ')}`,
      recoveryMs,
      problems: [
        ...problems,
        ...(ends.every((end) => end === 'READY') ? [] : [`ended ${ends.join(', ')}`]),
        ...(slowest(answers) > BOUND_MS ? ['a query waited for the broker'] : []),
        ...(during.hindrances > 0 ? ['an upload failed because the broker was away'] : []),
      ],
    };
  },
};
