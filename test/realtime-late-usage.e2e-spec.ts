import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answer, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { LiveGround } from './support/live-ground.js';

const GEMINI = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const MODEL = 'gemini-2.5-flash-native-audio-preview-09-2025';
const metadata = (tokens: number): object => ({
  usageMetadata: { promptTokenCount: tokens, responseTokenCount: 7, totalTokenCount: tokens + 7 },
});
const TEXT = { serverContent: { modelTurn: { parts: [{ text: 'Yes.' }] } } };
const OVER = { serverContent: { turnComplete: true } };

/** A vendor that tells what an answer used behind its end. */
const server = createServer();
const sockets = new WebSocketServer({ server });
let usages: object[] = [];
sockets.on('connection', socket => {
  socket.on('message', (data: Buffer) => {
    const isSetup = data.toString().includes('"setup"');
    const told = isSetup ? [{ setupComplete: {} }] : [TEXT, OVER, ...usages.splice(0, 1)];
    told.forEach(message => socket.send(JSON.stringify(message), { binary: true }));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const ground = new LiveGround({
  AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});
beforeEach(() => (usages = [metadata(11), metadata(22)]));
afterAll(() => {
  sockets.clients.forEach(socket => socket.terminate());
  server.close();
});

const USED = [
  { inputTokens: 11, outputTokens: 7, outcome: 'completed', estimated: false },
  { inputTokens: 22, outputTokens: 7, outcome: 'completed', estimated: false },
];

describe('what an answer has used that is told behind its end', () => {
  it('is in its own record, at its own protocol', async () => {
    const client = await ground.openAt(GEMINI, { setup: { model: `models/${MODEL}` } });
    for (const count of [1, 2]) {
      client.send({ clientContent: { turns: [], turnComplete: true } });
      await client.until(message => 'usageMetadata' in message, count);
    }
    await client.close();
    await expect(ground.answers(2)).resolves.toMatchObject(USED);
  });

  it('is in its own record, and told of no other answer, between two protocols', async () => {
    const client = await ground.openAt(`/v1/realtime?model=google/${MODEL}`, inWords);
    for (const count of [1, 2]) {
      client.send(said('Well?'), answer);
      expect(await client.untilType('response.done', count)).toMatchObject({ response: { usage: null } });
      await ground.answers(count);
    }
    await expect(ground.answers(2)).resolves.toMatchObject(USED);
  });

  it('is an estimate where nobody tells', async () => {
    usages = [];
    const client = await ground.openAt(GEMINI, { setup: { model: `models/${MODEL}` } });
    client.send({ clientContent: { turns: [], turnComplete: true } });
    const [record] = await ground.answers(1);
    expect(record).toMatchObject({ outcome: 'completed', outputTokens: 1, estimated: true });
    expect(record?.inputTokens).toBeGreaterThan(0);
  });
});
