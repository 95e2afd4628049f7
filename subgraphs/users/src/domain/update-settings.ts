import type { Context } from '../context.ts';
import type { UpdateSettingsInput } from '../generated/graphql.ts';
import type { User } from '../models.ts';
import { audit } from './audit.ts';
import { readSettings, settingsColumns } from './user-settings.ts';

/** Changes how Volna treats the viewer; what is left out stays. */
export async function updateSettings(context: Context, input: UpdateSettingsInput): Promise<User> {
  const { userId } = context.requireViewer();
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return context.db.$transaction(async (tx) => {
    // two changes at once come one after the other
    await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${userId} FOR UPDATE`;
    const before = readSettings(await tx.user.findUniqueOrThrow({ where: { id: userId } }));
    const data = settingsColumns({ ...before, ...Object.fromEntries(given) });
    const changed = given.map(([name]) => name);
    await audit(tx, context, 'user.settings-changed', { details: { changed } });
    return tx.user.update({ where: { id: userId }, data });
  });
}
