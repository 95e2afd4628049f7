import { createStream, type StreamSink } from '@volna/platform/stream';
import { atPosition } from '@volna/platform/stream-position';

/** A player that many follow. */
export const SDL = `
  type Query { now: Int }
  type Subscription { playerChanged(roomId: ID!): Player! }
  type Player { seq: Int! positionMs: Int! isPaused: Boolean! track: Track! queue: [Track!]! }
  type Track { id: ID! title: String! durationMs: Int! artist: Artist! }
  type Artist { id: ID! name: String! }
`;

/** About 700 bytes an answer. */
export const QUERY = `subscription Player($room: ID!) {
  playerChanged(roomId: $room) {
    seq positionMs isPaused
    track { id title durationMs artist { id name } }
    queue { id title durationMs artist { id name } }
  }
}`;

export const VARIABLES = { room: 'room_1' };

const track = (at: number) => ({
  id: `trk_${at}`,
  title: `Track number ${at}`,
  durationMs: 180_000 + at,
  artist: { id: `art_${at % 7}`, name: `Artist number ${at % 7}` },
});

type Player = ReturnType<typeof playerAt>;

const playerAt = (seq: number) => ({
  seq,
  positionMs: seq * 1_000,
  isPaused: false,
  track: track(seq),
  queue: [1, 2, 3, 4].map((next) => track(seq + next)),
});

/** Whoever follows gets the player as it is, then each change. */
export class Room {
  readonly #sinks = new Set<StreamSink<Player>>();
  #seq = 0;

  follow() {
    return createStream<Player>(async (sink) => {
      this.#sinks.add(sink);
      sink.push(this.#state());
      return { [Symbol.asyncDispose]: async () => void this.#sinks.delete(sink) };
    });
  }

  /** Changes the player so often, each time in a turn of its own. */
  async change(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      this.#seq++;
      const state = this.#state();
      for (const sink of this.#sinks) sink.push(state);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #state(): Player {
    return atPosition(playerAt(this.#seq), this.#seq);
  }
}

/** Takes the parent's commands: `gc`, or a number of changes. */
export function obey(room: Room, collect: () => void): void {
  process.on('message', (message) => {
    if (message === 'gc') collect();
    else void room.change(Number(message));
    process.send?.('done');
  });
}
