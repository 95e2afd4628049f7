import { type DataOf, newId, type playbackReported } from '@volna/events';

export type Report = DataOf<typeof playbackReported>;

const [USERS, TRACKS] = [5_000, 10_000];
const REPORTS_A_LISTENING = 10;
const STEP_MS = 18_000;
const HOURS = 24;

/** Reports of many people who listen at once: so many listenings of ten reports each, in the order of time. */
export function makeReports(count: number, random: () => number): Report[] {
  const users = Array.from({ length: USERS }, () => newId('User'));
  const tracks = Array.from({ length: TRACKS }, () => newId('Track'));
  const begin = Date.now() - HOURS * 3_600_000;
  const reports: Report[] = [];
  for (let listening = 0; listening < count / REPORTS_A_LISTENING; listening++) {
    const startedAt = new Date(begin + random() * (HOURS - 1) * 3_600_000).toISOString();
    const one = {
      userId: pick(users, random()),
      // few tracks are heard much
      trackId: pick(tracks, random() ** 3),
      durationMs: STEP_MS * REPORTS_A_LISTENING,
      source: 'WAVE',
      deviceType: 'MOBILE',
      listening: { id: newId('Job'), startedAt },
    };
    for (let step = 0; step < REPORTS_A_LISTENING; step++) {
      const event = step === 0 ? 'STARTED' : step === REPORTS_A_LISTENING - 1 ? 'FINISHED' : 'PROGRESS';
      const at = new Date(Date.parse(startedAt) + step * STEP_MS).toISOString();
      reports.push({ ...one, event, positionMs: step * STEP_MS, clientEventId: newId('Job'), at });
    }
  }
  return reports.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

function pick<Item>(items: readonly Item[], share: number): Item {
  return items[Math.floor(share * items.length)] as Item;
}
