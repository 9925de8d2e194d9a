import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { MODEL } from '../apps/simulator/test/support/realtime-events.js';
import { eventually } from './support/eventually.js';
import { LiveGround } from './support/live-ground.js';

const GEMINI = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const CREATED = { type: 'response.created', response: { id: 'r1' } };
const DONE = {
  type: 'response.done',
  response: { id: 'r1', status: 'completed', usage: { input_tokens: 100, output_tokens: 50 } },
};

/** A vendor that does what a test says. */
const server = createServer();
const sockets = new WebSocketServer({ server });
let serve: (socket: WebSocket) => void = () => undefined;
server.listen(0, '127.0.0.1');

const ground = new LiveGround(({ url }) => ({
  AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: url,
}));

beforeAll(() => {
  sockets.on('connection', socket => {
    say(socket, { type: 'session.created', session: { id: 'sess_1' } });
    serve(socket);
  });
});
afterAll(async () => {
  sockets.clients.forEach(socket => socket.terminate());
  server.close();
  await once(server, 'close');
});

function say(socket: WebSocket, ...messages: readonly object[]): void {
  messages.forEach(message => socket.send(JSON.stringify(message)));
}

/** A caller that writes bytes. */
async function dial(path: string, key: string, behind: Buffer = Buffer.alloc(0)): Promise<Socket> {
  const socket = connect(Number(new URL(ground.gateway.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const head = [
    `GET ${path} HTTP/1.1`,
    'host: gateway',
    `authorization: Bearer ${key}`,
    'connection: upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==',
  ].join('\r\n');
  socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), behind]));
  return socket;
}

async function budget(limitUsd: number): Promise<() => Promise<unknown>> {
  const at = `/admin/projects/${ground.projectId}/budgets`;
  const { body } = await ground.gateway.admin<{ id: string }>('POST', at, {
    name: 'talk',
    limitUsd,
    period: 'total',
    hard: true,
  });
  return async () =>
    (await ground.gateway.admin<{ data: unknown[] }>('GET', `${at}/${body.id}/spending`)).body.data[0];
}

describe('a caller who means no good', () => {
  it('breaks nothing by bytes that are no frame, right behind the head, with a key that is known', async () => {
    for (let time = 0; time < 3; time += 1) {
      const socket = await dial(GEMINI, ground.apiKey, Buffer.from([0xff, 0xff]));
      await once(socket.resume(), 'close');
    }
    expect((await ground.gateway.call('/health')).status).toBe(200);
  });

  it('is told what is nested too deeply, and the session goes on', async () => {
    const client = await ground.open();
    await client.untilType('session.created');
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    client.socket.send(`{"type":"session.update","session":{"model":"openai/${MODEL}","x":${deep}}}`);

    expect(await client.untilType('error')).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('gives its place back when it is refused, also when it stays', async () => {
    await ground.newProject({ concurrentCalls: 1 });
    const refused = await dial('/v1/realtime', ground.apiKey);
    await once(refused, 'readable');

    await eventually(async () => (await ground.open()).close());
    refused.destroy();
  });

  it('may not say it in another encoding', async () => {
    const client = await ground.open();
    await client.untilType('session.created');
    const update = `{"type":"session.update","session":{"model":"another"}}`;
    client.socket.send(Buffer.from(update, 'utf16le'));

    expect(await client.untilType('error')).toMatchObject({ error: { code: 'invalid_json' } });
  });

  it('opens no session without a model with a key for some', async () => {
    const at = `/admin/projects/${ground.projectId}/api-keys`;
    const settings = { name: 'talk only', allowedModels: [`openai/${MODEL}`] };
    ground.apiKey = (await ground.gateway.admin<{ key: string }>('POST', at, settings)).body.key;

    await expect(ground.openAt(`/v1/realtime?intent=transcription&model=${MODEL}`)).rejects.toThrow(': 403');
  });

  it.each(['a b,,', 'realtime, realtime'])(
    'is refused before a vendor is asked for protocols %p',
    async names => {
      const before = sockets.clients.size;
      const response = await fetchUpgrade(names);
      expect(response).toMatch(/^HTTP\/1.1 426 /);
      expect(sockets.clients.size).toBe(before);
    },
  );
});

async function fetchUpgrade(protocols: string): Promise<string> {
  const socket = await dial(
    `/v1/realtime?model=${MODEL}`,
    `${ground.apiKey}\r\nsec-websocket-protocol: ${protocols}`,
  );
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString()));
  await once(socket, 'close');
  return text;
}

describe('what is paid for', () => {
  it('is an answer that was asked for, whose caller left before it began', async () => {
    serve = socket =>
      socket.on('message', (data: Buffer) =>
        say(socket, ...(data.includes('response.cancel') ? [CREATED, DONE] : [])),
      );
    const client = await ground.open({ type: 'response.create' });
    client.socket.terminate();

    await expect(ground.answers(1)).resolves.toMatchObject([{ inputTokens: 100, outputTokens: 50 }]);
  });

  it('is once what ends while the session does, with nothing set aside behind it', async () => {
    const spending = await budget(5);
    serve = socket =>
      socket.on('message', (data: Buffer) =>
        say(socket, ...(data.includes('response.create') ? [CREATED, DONE, CREATED] : [])),
      );
    const client = await ground.open({ type: 'response.create' });
    await client.untilType('response.done');
    await client.close();

    const records = await ground.answers(2); // the second one never ended
    const estimates = records.map(({ upstreamId, estimated }) => `${upstreamId} ${estimated}`);
    expect(estimates.toSorted()).toEqual(['r1 false', 'r1 true']); // in one millisecond there is no order
    await eventually(async () => expect(await spending()).toMatchObject({ reservedUsd: 0 }));
  });

  it('has nothing set aside when an answer begins behind the end', async () => {
    const spending = await budget(5);
    serve = socket => socket.on('message', () => undefined);
    const client = await ground.open();
    await client.untilType('session.created');
    const vendor = [...sockets.clients].at(-1) as WebSocket;
    const saying = setInterval(() => say(vendor, CREATED), 2);
    client.socket.close();
    await once(vendor, 'close');
    clearInterval(saying);
    await ground.session();
    await eventually(async () => expect(await spending()).toMatchObject({ reservedUsd: 0 }));
  });

  it('is at least what the caller said, when the vendor dies', async () => {
    serve = socket =>
      socket.on('message', (data: Buffer) => {
        if (data.includes('response.create')) {
          say(socket, CREATED);
          setTimeout(() => socket.terminate(), 50);
        }
      });
    const text = 'x'.repeat(40_000);
    const client = await ground.open(
      { type: 'conversation.item.create', item: { text } },
      { type: 'response.create' },
    );
    await client.closed;

    const records = await ground.answers(4); // it was asked again three times
    for (const record of records) {
      expect(record).toMatchObject({ outcome: 'cut', estimated: true });
      expect(record.inputTokens).toBeGreaterThan(9000);
    }
  });

  it('is an answer once whose end is told twice, and by an estimate where no use is told', async () => {
    const text = { type: 'response.output_text.delta', response_id: 'r2', delta: 'Yes.' };
    const [created, done] = ['response.created', 'response.done'].map(type => ({
      type,
      response: { id: 'r2', status: 'completed' },
    }));
    serve = socket => say(socket, CREATED, DONE, DONE, created ?? {}, text, done ?? {});
    const client = await ground.open();
    await client.untilType('response.done', 3);
    await client.close();

    const records = await ground.answers(2);
    const told = records.map(({ upstreamId, outputTokens, estimated }) =>
      [upstreamId, outputTokens, estimated].join(' '),
    );
    expect(told.toSorted()).toEqual(['r1 50 false', 'r2 1 true']); // in one millisecond there is no order
  });

  it('is an answer that calls itself sound', async () => {
    const early = {
      ...DONE,
      response: { metadata: { type: 'response.audio.delta"', a: 'audio.delta' }, ...DONE.response },
    };
    serve = socket => socket.on('message', () => say(socket, CREATED, early));
    const client = await ground.open({ type: 'response.create' });
    await client.untilType('response.done');

    await expect(ground.answers(1)).resolves.toMatchObject([{ inputTokens: 100, outcome: 'completed' }]);
  });
});

it('the key of the vendor is in nothing that it says', async () => {
  serve = socket =>
    say(socket, { type: 'error', error: { message: 'Incorrect API key provided: sk-simulated-openai.' } });
  const client = await ground.open();

  expect(await client.untilType('error')).toMatchObject({
    error: { message: 'Incorrect API key provided: [redacted].' },
  });
});
