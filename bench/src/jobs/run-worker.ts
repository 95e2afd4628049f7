import { fetchOrdered, fileFetched } from '@volna/events';
import { NatsBus } from '@volna/platform/bus-nats';
import { startJobWorker } from '@volna/platform/job-worker';

// A worker with nothing to do for any job. Argument: the broker.

const CONCURRENCY = 8;

const bus = await NatsBus.connect(process.argv[2] ?? '');
const nothing = { bytes: 1, filename: 'a.flac', contentType: 'audio/flac' };
const worker = { name: 'bench', job: fetchOrdered, result: fileFetched, run: async () => nothing };
await startJobWorker(bus, worker, { concurrency: CONCURRENCY });
process.send?.('ready');
