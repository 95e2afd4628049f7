import { startPostgres } from '../embedded/postgres.ts';

// Starts a server in the directory that it is given, says what it started, and leaves it running.
const [, , directory = ''] = process.argv;
const { pid, guardPid } = await startPostgres({ directory });
process.stdout.write(JSON.stringify({ pid, guard: guardPid }));
setInterval(() => undefined, 60_000);
