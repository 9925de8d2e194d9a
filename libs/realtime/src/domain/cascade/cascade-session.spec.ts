import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type LiveCallerSide, Losses, openAiRealtime } from '@app/dialects';
import { SocketInbox } from '@app/providers';
import { WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../../../../../test/support/eventually.js';
import { Relay } from '../relay.js';
import { CascadeSession } from './cascade-session.js';

const COUNT = 300;
const LONG = 'x'.repeat(100_000);

const same = (name: string): string => name;

/** Says much whenever it hears something. */
const side: LiveCallerSide = {
  greet: () => [],
  read: () => ({ acts: [], replies: [{ type: 'reply', text: LONG }] }),
  write: () => [],
  writeLosses: () => ({}),
};

it('does not hear a caller that does not read, until it does', async () => {
  const server = new WebSocketServer({ port: 0 });
  const accepted = once(server, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = await accepted;
  let replies = 0;
  client.on('message', () => (replies += 1));
  await once(client, 'open');
  const relay = new Relay();
  const session = new CascadeSession(
    { socket, inbox: new SocketInbox(socket) },
    {
      dialect: openAiRealtime,
      side,
      losses: new Losses(),
      relay,
      names: { own: same, other: same, handle: same, shown: same },
      messageLimitBytes: 1000,
      limitMs: 60_000,
      isGreeted: false,
      otherEnd: () => ({ act: () => undefined, close: () => Promise.resolve() }),
    },
  );
  const over = session.run();

  client.pause();
  for (let count = 0; count < COUNT; count++) {
    client.send('{"type":"anything"}');
  }
  await eventually(() => expect(socket.isPaused).toBe(true));
  expect(socket.bufferedAmount).toBeLessThan(COUNT * LONG.length);
  client.resume();
  await eventually(() => expect(replies).toBe(COUNT));
  expect(socket.isPaused).toBe(false);

  client.close();
  await expect(over).resolves.toMatchObject({ outcome: 'completed' });
  expect(relay.facts.frames).toBe(2 * COUNT);
  expect(relay.facts.p99Us).toBeGreaterThan(0);
  server.close();
});
