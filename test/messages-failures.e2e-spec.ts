import { APIError } from '@anthropic-ai/sdk';
import { startGateway, type TestGateway } from './support/gateway.js';
import { MessagesCaller, question, VENDORS } from './support/messages.js';
import { checkMessagesStream } from './support/messages-stream-grammar.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;
let caller: MessagesCaller;

beforeAll(async () => {
  gateway = await startGateway();
  caller = new MessagesCaller(gateway);
});

afterAll(() => gateway?.stop());

describe.each(VENDORS)('a failure of %s, heard by a caller of messages', (vendor, model) => {
  describe.each([
    ['streamed', true],
    ['whole', false],
  ])('%s', (_kind, stream) => {
    it.each([
      ['status=400', 400, 'invalid_request_error'],
      // The key at fault is the gateway's, not the caller's.
      ['status=401', 502, 'api_error'],
      ['status=404', 404, 'not_found_error'],
      ['status=429,retry-after=7', 429, 'rate_limit_error'],
      ['status=500', 502, 'api_error'],
      ['status=529', 529, 'overloaded_error'],
      ['html=502', 502, 'api_error'],
      ['empty', 502, 'api_error'],
    ])('%s is %d in its own words', async (fault, status, type) => {
      const error: unknown = await caller.sdk.messages
        .create({ ...question(`[[sim:fault ${fault}]]`, { model }), stream })
        .catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(APIError);
      const { status: got, error: body, requestID } = error as APIError;
      expect({ got, body }).toMatchObject({
        got: status,
        body: { type: 'error', error: { type, message: expect.stringMatching(/./) }, request_id: requestID },
      });
      expect(JSON.stringify(body)).not.toMatch(/<html|sk-/);
      const record = await usageOf(gateway, requestID ?? null);
      expect(record).toMatchObject({ provider: vendor, outcome: 'failed', status, stream });
    });
  });

  it.each(['error-event=20', 'end-early', 'cut=3000', 'malformed'])(
    'ends a stream with an error event, never as a success (%s)',
    async fault => {
      const response = await caller.post({
        ...question(`[[sim:words 200]] [[sim:fault ${fault}]]`, { model }),
        stream: true,
      });
      const text = await response.text();

      expect(text).not.toContain('message_stop');
      if (response.status === 200) {
        checkMessagesStream(text);
        expect(text).toMatch(/event: error\ndata: [^\n]+\n\n$/);
      } else {
        // Broken before anything was said: an honest status.
        expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
      }
    },
  );
});
