import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

/** A vendor without manners: each test says byte by byte what it answers. */
export interface RawVendor {
  readonly url: string;
  /** Environment that puts it in the place of every vendor. */
  readonly env: Record<string, string>;
  /** How all further requests are answered, once their body was read. */
  answer(how: Answer): void;
  /** Sees all further requests before their body is read. */
  onRequest(watch: ((request: IncomingMessage) => void) | null): void;
  close(): Promise<void>;
}

const unprepared: Answer = response => response.writeHead(500).end();

export async function startRawVendor(): Promise<RawVendor> {
  let how = unprepared;
  let watch: ((request: IncomingMessage) => void) | null = null;
  const server = createServer((request, response) => {
    watch?.(request);
    request.on('end', () => how(response, request)).resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: {
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${url}/v1`,
      AI_GATEWAY_PROVIDERS_ANTHROPIC_BASE_URL: url,
      AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: url,
    },
    answer: next => {
      how = next;
    },
    onRequest: next => {
      watch = next;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

export const EVENT_STREAM = { 'content-type': 'text/event-stream' };

/** The events of one streamed answer in the vendor's own words, its ending included. */
export function vendorEvents(vendor: string, texts: readonly string[]): string[] {
  switch (vendor) {
    case 'anthropic':
      return anthropicEvents(texts);
    case 'google':
      return geminiEvents(texts);
    default:
      return chatEvents(texts);
  }
}

export function chatChunk(choices: unknown[], more: object = {}): string {
  const chunk = { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...more };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

export function chatDelta(delta: object, finish: string | null = null): string {
  return chatChunk([{ index: 0, delta, finish_reason: finish }]);
}

export const CHAT_USAGE = { usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } };

function chatEvents(texts: readonly string[]): string[] {
  return [
    chatDelta({ role: 'assistant', content: '' }),
    ...texts.map(content => chatDelta({ content })),
    chatDelta({}, 'stop'),
    chatChunk([], CHAT_USAGE),
    'data: [DONE]\n\n',
  ];
}

function anthropicEvents(texts: readonly string[]): string[] {
  const usage = { input_tokens: 7, output_tokens: 1 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage };
  const events = [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...texts.map(text => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } },
    { type: 'message_stop' },
  ];
  return events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function geminiEvents(texts: readonly string[]): string[] {
  const said = texts.map(text => ({
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] } }],
  }));
  const last = {
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
  };
  return [...said, last].map(
    event => `data: ${JSON.stringify({ ...event, responseId: 'r-1', modelVersion: 'm' })}\r\n\r\n`,
  );
}
