import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';

/** Has the payment provider forget somebody who is being erased. Doing it again does no harm. */
export async function forgetCustomer(
  { db, billing }: Pick<Deps, 'billing' | 'db'>,
  userId: string,
): Promise<void> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { billingCustomerId: true } });
  if (!user?.billingCustomerId) return;
  if (billing) await billing.deleteCustomer(user.billingCustomerId);
  else logger.error({ userId }, 'a customer of the payment provider is left there: no key of it is set');
}
