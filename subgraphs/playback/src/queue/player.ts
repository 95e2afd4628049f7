import { playerMoved } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import type { Database } from '../database.ts';
import type { Player as Row, Prisma } from '../generated/prisma/client.ts';
import type { Player } from '../models.ts';
import { EMPTY, isSame, type QueueState } from './state.ts';

/** Changes of the list that can be taken back. */
const MAX_PAST = 10;

type Tx = Pick<Database, 'player' | 'playableTrack' | '$queryRaw'>;
type Changed = Pick<Player, 'state' | 'past'>;

/** The player of a user or a room, whether or not anything was ever played on it. */
export async function readPlayer({ db }: Pick<Context, 'db'>, ownerId: string): Promise<Player> {
  const row = await db.player.findUnique({ where: { ownerId } });
  return row ? toPlayer(row) : { ownerId, version: 0, state: EMPTY, readAt: Date.now(), past: [] };
}

export interface Change {
  /** Whose player it is. */
  readonly ownerId: string;
  /** The version that the client has seen, where it wants to lose nothing that others have done. */
  readonly version: number | null;
  /** Whether it changes what is in the list, which can be taken back. */
  readonly isOfList: boolean;
  /** Null where something that is named is not there. */
  run(player: Player, now: number, tx: Tx): Changed | null | Promise<Changed | null>;
}

/** One change after the other: each sees what the one before has left. What changes nothing leaves the version as it is. */
export async function changePlayer(context: Context, change: Change): Promise<Player> {
  const { ownerId, version } = change;
  let isChanged = false;
  const player = await context.db.$transaction(async (tx) => {
    const before = await lockPlayer(tx, ownerId);
    if (version !== null && version !== before.version) {
      throw new UserError('VERSION_CONFLICT', `the queue has changed: it is at ${before.version}`, [
        'version',
      ]);
    }
    const after = await change.run(before, before.readAt, tx);
    if (!after) throw new UserError('NOT_FOUND', 'there is no such item in the queue', ['itemId']);
    if (isSame(before.state, after.state) && before.past === after.past) return before;
    isChanged = true;
    const { items, ...head } = after.state;
    const past = change.isOfList ? [...after.past, before.state].slice(-MAX_PAST) : after.past;
    const lists =
      items === before.state.items && past === before.past ? {} : { items: json(items), past: json(past) };
    await tx.player.update({
      where: { ownerId },
      data: { version: before.version + 1, head: json(head), ...lists },
    });
    return { ...before, version: before.version + 1, state: after.state, past };
  });
  if (isChanged) context.bus.signal(playerMoved, { ownerId });
  return player;
}

/** Takes back the last change of the list; what plays goes on, where it is still there. */
export function undo({ state, past }: Player): Pick<Player, 'state' | 'past'> {
  const before = past.at(-1);
  if (!before) return { state, past };
  const stays = before.items.some(({ id }) => id === state.currentId);
  const { items, shuffleSeed } = before;
  const restored = stays
    ? { ...state, items, shuffleSeed }
    : { ...before, device: state.device, repeat: state.repeat };
  return { state: restored, past: past.slice(0, -1) };
}

async function lockPlayer(tx: Tx, ownerId: string): Promise<Player> {
  const empty = { ownerId, version: 0, ...split(EMPTY), past: [] };
  await tx.player.createMany({ data: [empty], skipDuplicates: true });
  await tx.$queryRaw`SELECT owner_id FROM player WHERE owner_id = ${ownerId} FOR UPDATE`;
  return toPlayer(await tx.player.findUniqueOrThrow({ where: { ownerId } }));
}

function split({ items, ...head }: QueueState) {
  return { items: json(items), head: json(head) };
}

function toPlayer({ ownerId, version, items, head, past }: Row): Player {
  const state = { ...(head as object), items } as unknown as QueueState;
  return { ownerId, version, state, readAt: Date.now(), past: past as unknown as QueueState[] };
}

const json = (value: object) => value as unknown as Prisma.InputJsonValue;
