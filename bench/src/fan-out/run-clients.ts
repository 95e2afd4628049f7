import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

import { WebSocket } from 'ws';

import { QUERY, VARIABLES } from './room.ts';

// Clients of one subscription, a hundred at each of many addresses. Argument: the URL. `connect N` is answered once so
// many are there and have got the first result, `expect N` once so many more results have come.

const url = process.argv[2] ?? '';
const AT_AN_ADDRESS = 100;
const AT_A_TIME = 50;

const clients = { count: 0, results: 0, wanted: Infinity };

function count(): void {
  clients.results++;
  if (clients.results < clients.wanted) return;
  clients.results -= clients.wanted;
  clients.wanted = Infinity;
  process.send?.('got');
}

async function connect(at: number): Promise<void> {
  const localAddress = `127.0.${1 + Math.floor(at / AT_AN_ADDRESS / 200)}.${1 + (Math.floor(at / AT_AN_ADDRESS) % 200)}`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { localAddress, perMessageDeflate: false });
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  const first = once(socket, 'message');
  const payload = { query: QUERY, variables: VARIABLES };
  socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload }));
  const [message] = (await first) as [Buffer];
  if (!message.includes('"type":"next"')) throw new Error(message.toString());
  socket.on('message', (data) => {
    // keep-alives are no results
    if ((data as Buffer).includes('"next"')) count();
  });
  socket.on('close', (code, reason) => {
    throw new Error(`closed: ${code} ${reason.toString()}`);
  });
}

async function connectAll(size: number): Promise<void> {
  const client = async () => {
    while (clients.count < size) await connect(clients.count++);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, client));
}

process.on('message', (message: string) => {
  const [command, number] = message.split(' ');
  if (command === 'expect') {
    clients.wanted = Number(number);
    clients.results--;
    count();
    return;
  }
  connectAll(Number(number)).then(
    () => process.send?.('connected'),
    (err: unknown) => {
      throw err;
    },
  );
});
process.send?.('ready');
