import type { Deps } from '../context.ts';
import type { BillingPort } from './billing-port.ts';

/** Makes somebody who has registered a customer of the payment provider; doing it again changes nothing. */
export async function createCustomer(
  { db }: Pick<Deps, 'db'>,
  billing: BillingPort,
  userId: string,
): Promise<void> {
  const user = await db.user.findUnique({ where: { id: userId } });
  if (!user || user.billingCustomerId) return;
  const { email, displayName: name } = user;
  const billingCustomerId = await billing.createCustomer({ userId, email, name });
  if (!billingCustomerId) return;
  const { count } = await db.user.updateMany({
    where: { id: userId, billingCustomerId: null },
    data: { billingCustomerId },
  });
  if (count > 0) return;
  // erased meanwhile, or another process was first; that one has the same customer unless the profile changed between
  const now = await db.user.findUnique({ where: { id: userId } });
  if (now?.billingCustomerId !== billingCustomerId) await billing.deleteCustomer(billingCustomerId);
}
