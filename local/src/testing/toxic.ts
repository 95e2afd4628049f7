import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** What a line does to those who talk over it; a line that is left alone does nothing. */
export interface Toxin {
  /** Each piece of data comes so much later. */
  readonly latencyMs?: number;
  /** Bytes a second towards the client. */
  readonly bytesPerSecond?: number;
  /** The server's side is reset after so many bytes of an answer. */
  readonly cutAfterBytes?: number;
  /** The client is reset after it has sent so many bytes. */
  readonly cutUploadAfterBytes?: number;
  /** Connections open, and nothing comes through in either direction. */
  readonly isBlackHole?: boolean;
  /** New connections are reset at once. */
  readonly isRefusing?: boolean;
  /** New connections are told this at once, and closed. */
  readonly answersWith?: string;
}

export interface Toxic extends AsyncDisposable {
  readonly port: number;
  /** For connections that there are, and new ones; `{}` heals. */
  poison(toxin: Toxin): void;
  /** Resets all connections. */
  drop(): void;
}

const PIECE_MS = 50;

/** A TCP proxy on loopback between those who call `port` and a server at `target`. */
export async function openToxic(target: number, port = 0): Promise<Toxic> {
  let toxin: Toxin = {};
  const open = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    if (toxin.isRefusing || toxin.answersWith !== undefined) {
      upstream.destroy();
      if (toxin.answersWith === undefined) client.resetAndDestroy();
      else client.resume().end(toxin.answersWith);
      return;
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    const now = () => toxin;
    const reset = () => client.resetAndDestroy();
    client.pipe(poisoned(now, 'up', reset)).pipe(upstream);
    upstream.pipe(poisoned(now, 'down', reset)).pipe(client);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  const drop = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    poison(next) {
      toxin = next;
    },
    drop,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      drop();
      await closed;
    },
  };
}

/** Passes data on as the toxin of the moment lets it. */
function poisoned(now: () => Toxin, direction: 'up' | 'down', cut: () => void): Transform {
  let passed = 0;
  const pass = async (chunk: Buffer, stream: Transform): Promise<Buffer | null> => {
    // what is in a black hole stays there until the line is healed
    while (now().isBlackHole && !stream.destroyed) await pause(PIECE_MS);
    const { latencyMs = 0, bytesPerSecond, cutAfterBytes, cutUploadAfterBytes } = now();
    if (latencyMs > 0) await pause(latencyMs);
    if (direction === 'down' && bytesPerSecond) await pause((chunk.length / bytesPerSecond) * 1_000);
    passed += chunk.length;
    const limit = direction === 'down' ? cutAfterBytes : cutUploadAfterBytes;
    return limit === undefined || passed <= limit ? chunk : null;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const settle = async () => {
        const whole = await pass(chunk, this);
        if (whole) done(null, whole);
        else cut();
      };
      void settle();
    },
  });
}
