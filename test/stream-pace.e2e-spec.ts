import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import OpenAI from 'openai';
import { checkChatStream } from './support/chat-stream-grammar.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  chatDelta,
  EVENT_STREAM,
  type RawVendor,
  startRawVendor,
  vendorEvents,
} from './support/raw-vendor.js';
import { contentOf, dataOf } from './support/streamed.js';

const body = (id: string): string =>
  JSON.stringify({ model: `${id}/m`, stream: true, messages: [{ role: 'user', content: 'Hi' }] });

describe('at the pace of the caller', () => {
  let vendor: RawVendor;
  let gateway: TestGateway;

  beforeAll(async () => {
    vendor = await startRawVendor();
    gateway = await startGateway({ ...vendor.env, AI_GATEWAY_STREAM_PING_MS: '100' });
  });
  afterAll(async () => {
    await gateway?.stop();
    await vendor?.close();
  });

  async function slowCaller(id: string): Promise<Socket> {
    const { port } = new URL(gateway.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.projectKey}\r\n` +
        `content-length: ${body(id).length}\r\n\r\n${body(id)}`,
    );
    socket.pause();
    return socket;
  }

  it.each(['openai', 'anthropic', 'google'])(
    '%s waits for a caller who does not read',
    async id => {
      const events = vendorEvents(id, ['x'.repeat(64 * 1024)]);
      const filler = events.slice(-5).find(event => event.includes('xxxx')) ?? '';
      const [head = ''] = events;
      const most = 200 * 1024 * 1024;
      let written = 0;
      let gone: Promise<unknown> = Promise.resolve();
      let paused = false;
      vendor.answer(async response => {
        gone = once(response, 'close');
        response.writeHead(200, EVENT_STREAM);
        response.write(head);
        while (written < most && !response.destroyed) {
          written += filler.length;
          if (!response.write(filler)) {
            paused = true;
            await Promise.race([once(response, 'drain'), gone]);
            paused = false;
          }
        }
      });
      const socket = await slowCaller(id);
      let before = -1;
      await eventually(() => {
        const now = written;
        const still = paused && now === before && now > 0;
        before = now;
        expect(still).toBe(true);
      });

      expect(written).toBeLessThan(30 * 1024 * 1024);
      const stoodAt = written;
      let read = 0;
      socket.on('data', (chunk: Buffer) => {
        read += chunk.length;
      });
      socket.resume(); // a listener alone does not end an explicit pause
      await eventually(() => expect(written).toBeGreaterThan(stoodAt + 5 * 1024 * 1024));
      socket.destroy();
      await eventually(() => expect(read).toBeGreaterThan(0));
      await gone;
    },
    30_000,
  );

  it.each(['openai', 'anthropic', 'google'])('%s is sent in one piece what came in one', async id => {
    const answer = vendorEvents(id, ['Hello ', 'world']).join('');
    vendor.answer(response => {
      response.writeHead(200, { ...EVENT_STREAM, 'content-length': Buffer.byteLength(answer) }).end(answer);
    });
    let isCorked = false;
    let isOnePiece = false;
    gateway.app
      .getHttpServer()
      .prependOnceListener('request', (_request: IncomingMessage, response: ServerResponse) => {
        const { write, end } = response;
        response.write = (chunk: unknown) => {
          isCorked = true;
          process.nextTick(() => (isCorked = false)); // when Node hands the socket what it has
          return write.call(response, chunk, 'utf8');
        };
        response.end = (chunk: unknown) => {
          isOnePiece = isCorked;
          return end.call(response, chunk, 'utf8');
        };
      });
    const response = await gateway.chat(body(id));

    expect(contentOf(await response.text())).toBe('Hello world');
    expect(isOnePiece).toBe(true);
  });

  it.each(['openai', 'anthropic', 'google'])('%s may be silent: comments keep the line open', async id => {
    const events = vendorEvents(id, ['Hello ', 'world']);
    const rest = Promise.withResolvers<void>();
    vendor.answer(async response => {
      const half = Math.ceil(events.length / 2);
      const cut = (events[half] ?? '').length / 2;
      response.writeHead(200, EVENT_STREAM);
      // Half an event: a comment must not land in the middle of it.
      response.write(events.slice(0, half).join('') + (events[half] ?? '').slice(0, cut));
      await rest.promise;
      response.end((events[half] ?? '').slice(cut) + events.slice(half + 1).join(''));
    });
    const response = await gateway.chat(body(id));
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if ((text.match(/^: ping$/gm) ?? []).length >= 2) {
        rest.resolve();
      }
    }

    checkChatStream(text.replaceAll(': ping\n\n', ''));
    expect(contentOf(text)).toBe('Hello world');
    expect(dataOf(text).at(-1)).toBe('[DONE]');
  });

  it('the SDK reads over the comments, before the first byte too', async () => {
    const rest = Promise.withResolvers<void>();
    vendor.answer(async response => {
      response.writeHead(200, EVENT_STREAM).flushHeaders();
      await rest.promise;
      response.end(chatDelta({ role: 'assistant', content: 'Late' }) + chatDelta({}, 'stop'));
    });
    const openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const asking = openai.chat.completions.create({
      model: 'openai/m',
      stream: true,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const stream = await asking; // the head came with the first comment
    rest.resolve();
    let said = '';
    for await (const chunk of stream) {
      said += chunk.choices[0]?.delta.content ?? '';
    }

    expect(said).toBe('Late');
  });
});
