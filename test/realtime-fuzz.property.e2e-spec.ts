import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { type Event, LiveClient } from '../apps/simulator/test/support/live-client.js';
import { callerNonsense, geminiNonsense } from '../apps/simulator/test/support/live-nonsense.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { fc } from './support/properties.js';

const OPENAI = '/v1/realtime?model=openai/gpt-realtime';
const GEMINI = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const CROSSED = '/v1/realtime?model=google/gemini-live';
const WRITTEN = '/v1/realtime?intent=transcription&model=groq/whisper-large-v3';
const GREETED = '/v1/realtime?intent=transcription';
const GREETING = '{"type":"session.created","session":{"id":"sess_1"}}';
const LAST = '{"type":"last","last":{}}';

const TYPES = `session.created session.updated response.created response.done response.output_text.delta error
  response.output_audio.delta conversation.item.input_audio_transcription.completed response.`.split(/\s+/);
const MEMBERS =
  `type session response usage id response_id item_id status status_details input_tokens output_tokens
  seconds audio input transcription model error code serverContent usageMetadata turnComplete modelTurn parts
  interrupted promptTokenCount responseTokenCount toolCall`.split(/\s+/);

const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...TYPES, null, '', 0, -1, 1e300, 0.5, true),
    fc.dictionary(fc.constantFrom(...MEMBERS), tie('value'), { maxKeys: 6 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const message = fc
  .tuple(fc.constantFrom(...TYPES), fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 6 }))
  .map(([type, rest]) => JSON.stringify({ ...rest, type }));
const vendorNonsense = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: message },
    { weight: 1, arbitrary: fc.oneof(fc.string(), fc.uint8Array()) },
  ),
  { maxLength: 8 },
);

/** It came back, or was refused: another protocol does not know it. */
function isLast({ last, error }: Event): boolean {
  return last !== undefined || JSON.stringify(error ?? '').includes("'last'");
}

describe('frames that make no sense', () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const unexpected: unknown[] = [];
  const note = (reason: unknown): void => void unexpected.push(reason);
  let frames: readonly (string | Uint8Array)[] = [];
  let gateway: TestGateway;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    gateway = await startGateway({
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${url}/v1`,
      AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: url,
    });
    sockets.on('connection', (socket, { url: asked = '' }) => {
      const isGemini = asked.includes('google');
      if (!isGemini) {
        socket.send(GREETING);
      }
      frames.forEach(frame => socket.send(frame, { binary: isGemini }));
      socket.on('message', (data: Buffer) => socket.send(data, { binary: isGemini })); // whatever it is
    });
    process.on('unhandledRejection', note);
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await gateway.stop();
    sockets.clients.forEach(socket => socket.terminate());
    server.close();
  });

  /** Resolves when all that both sides said has gone through. */
  async function talk(at: string, said: readonly (string | Uint8Array)[]): Promise<void> {
    const headers = { authorization: `Bearer ${gateway.projectKey}` };
    const client = await LiveClient.open(gateway.url + at, { headers });
    said.forEach(frame => client.socket.send(frame));
    client.socket.send(LAST);
    await client.until(isLast).catch(() => client.closed);
    await client.close();
  }

  it.each([
    ['OpenAI', OPENAI, callerNonsense, []],
    ['Gemini', GEMINI, geminiNonsense, ['{"setup":{"model":"models/gemini-live"}}']],
    ['OpenAI, at Google,', CROSSED, callerNonsense, []],
    ['OpenAI, to be written down,', WRITTEN, callerNonsense, []],
    ['OpenAI, to be written down by whoever is named,', GREETED, callerNonsense, []],
    ['Gemini, at OpenAI,', GEMINI, geminiNonsense, ['{"setup":{"model":"models/openai/gpt-realtime"}}']],
  ] as const)('of either side in the protocol of %s break nothing', async (_, at, ofCallers, begin) => {
    await fc.assert(
      fc.asyncProperty(vendorNonsense, ofCallers, async (ofVendor, ofCaller) => {
        frames = ofVendor;
        await talk(at, [...begin, ...ofCaller]);
        expect(unexpected).toEqual([]);
      }),
    );
  });
});
