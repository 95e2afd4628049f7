import type { Deps } from '../context.ts';
import type { Prisma, Reanalysis } from '../generated/prisma/client.ts';

/**
 * Orders that all tracks there are be analysed once more, a few at a time, but for those that have vectors of a model
 * already. Where such a round is under way, gives that one.
 */
export async function beginReanalysis({ db }: Pick<Deps, 'db'>, model: string | null): Promise<Reanalysis> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('reanalysis'))`;
    const running = await tx.reanalysis.findFirst({ where: { isRunning: true } });
    if (running) return running;
    const total = await tx.track.count({ where: isDue(model, new Date()) });
    return tx.reanalysis.create({ data: { model, total } });
  });
}

/** Tracks that a round is about: what comes in while it runs is analysed by the newer model in any case. */
export function isDue(model: string | null, before: Date): Prisma.TrackWhereInput {
  const others = { OR: [{ embeddingModel: null }, { embeddingModel: { not: model ?? '' } }] };
  return { status: 'READY', createdAt: { lte: before }, ...(model === null ? {} : others) };
}
