import type { Context } from '../context.ts';
import type { User } from '../models.ts';
import { SETTINGS } from '../settings.ts';
import { fingerprintOf } from './device.ts';
import { knownNetworks } from './known-networks.ts';
import { networkOf } from './network.ts';
import { failuresKey, namesKey } from './password-tries.ts';

/** How unlike an account's other sign-ins this one is: 0 to 100, and what that is made of. */
export interface Risk {
  readonly score: number;
  readonly reasons: readonly RiskReason[];
}

export type RiskReason = keyof typeof SETTINGS.risk.points;

/** Looks at a sign-in whose password is right. An account that has no devices or networks yet has no new ones. */
export async function assessRisk(context: Context, user: User): Promise<Risk> {
  const reasons = await reasonsOf(context, user);
  const points = reasons.map((reason) => SETTINGS.risk.points[reason]);
  const sum = points.reduce<number>((total, each) => total + each, 0);
  return { score: Math.min(sum, 100), reasons };
}

async function reasonsOf({ db, counts, caller }: Context, { id: userId }: User): Promise<RiskReason[]> {
  const network = networkOf(caller.ip);
  const fingerprint = fingerprintOf(caller);
  const device = await db.device.findUnique({ where: { userId_fingerprint: { userId, fingerprint } } });
  const isNewDevice = !device && (await db.device.findFirst({ where: { userId } })) !== null;
  const networks = await knownNetworks(db, userId);
  const failures = Number(await counts.get(failuresKey(userId)));
  const names = Number(await counts.get(namesKey(network)));
  const isNewNetwork = networks.size > 0 && !networks.has(network);
  const { manyFailures, manyAccounts } = SETTINGS.risk;
  return [
    ...(isNewDevice ? (['NEW_DEVICE'] as const) : []),
    ...(isNewNetwork ? (['NEW_NETWORK'] as const) : []),
    ...(failures >= manyFailures ? (['MANY_FAILURES'] as const) : []),
    ...(names >= manyAccounts ? (['MANY_ACCOUNTS'] as const) : []),
  ];
}
