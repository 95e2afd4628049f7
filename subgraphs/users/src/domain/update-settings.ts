import { explicitContentSet, privateListeningSet, UserId } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Context } from '../context.ts';
import type { UpdateSettingsInput } from '../generated/graphql.ts';
import type { User } from '../models.ts';
import { audit } from './audit.ts';
import { readSettings, settingsColumns } from './user-settings.ts';

/** Changes how Volna treats the viewer; what is left out stays. */
export async function updateSettings(context: Context, input: UpdateSettingsInput): Promise<User> {
  const { userId } = context.requireViewer();
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  const user = await context.db.$transaction(async (tx) => {
    // two changes at once come one after the other
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const before = readSettings(await tx.user.findUniqueOrThrow({ where: { id: userId } }));
    const after = { ...before, ...Object.fromEntries(given) };
    if (after.privateListening !== before.privateListening) {
      const wish = { userId: UserId.parse(userId), isPrivate: after.privateListening };
      await tx.outbox.create({ data: outboxRow(privateListeningSet, wish) });
    }
    if (after.explicitContent !== before.explicitContent) {
      const wish = { userId: UserId.parse(userId), isShown: after.explicitContent };
      await tx.outbox.create({ data: outboxRow(explicitContentSet, wish) });
    }
    const changed = given.map(([name]) => name);
    await audit(tx, context, 'user.settings-changed', { details: { changed } });
    return tx.user.update({ where: { id: userId }, data: settingsColumns(after) });
  });
  context.wakeRelay();
  return user;
}
