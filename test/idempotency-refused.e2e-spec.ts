import Anthropic from '@anthropic-ai/sdk';
import { DATABASE, type Database, type SqlDatabase } from '@app/shared';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { isReplayed, newKey, tell, VECTOR } from './support/idempotency-keys.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';
import { IN_MEMORY } from './support/test-store.js';
import { rawRequest, statusesOf } from './support/raw-request.js';

const MIB = 1024 * 1024;

let vendor: ListeningVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startListeningVendor();
  gateway = await startGateway({
    AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendor.url}/v1`,
    AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: String(MIB),
  });
});
beforeEach(() => {
  vendor.heard.length = 0;
  vendor.answer(response => response.end('{}'));
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

const codeOf = ({ body }: { readonly body: string }): unknown =>
  (JSON.parse(body) as { error: { code: unknown } }).error.code;

describe('an Idempotency-Key is refused', () => {
  it.each([
    ['none', ''],
    ['too long', 'k'.repeat(256)],
    ['not printable', 'a\tb'],
    ['not ASCII', 'clé'],
  ])('when it is %s', async (_, key) => {
    const told = await tell(gateway, '/v1/embeddings', VECTOR, { 'Idempotency-Key': key });

    expect([told.status, codeOf(told)]).toEqual([400, 'invalid_idempotency_key']);
    expect(vendor.heard).toEqual([]);
  });

  it('by itself, not for its looks: 255 characters of any sort will do', async () => {
    const key = `"! ~`.padEnd(255, 'k');
    const told = await tell(gateway, '/openai/x', {}, { 'Idempotency-Key': key });

    expect(told.status).toBe(200);
  });

  it('behind the key of the project: strangers learn nothing', async () => {
    const told = await tell(gateway, '/v1/embeddings', VECTOR, {
      'Idempotency-Key': '',
      authorization: 'Bearer pk_unknown',
    });

    expect(told.status).toBe(401);
  });

  it('in the words of the API that was called, with another body', async () => {
    const client = new Anthropic({ apiKey: gateway.projectKey, baseURL: gateway.url, maxRetries: 2 });
    const key = newKey();
    await tell(gateway, '/anthropic/v1/messages', {}, key.headers); // refused, and so not kept
    const told = await tell(gateway, '/openai/x', {}, key.headers);
    expect(told.status).toBe(200);
    const asked = { model: 'm', max_tokens: 1, messages: [] };

    await expect(client.messages.create(asked, key)).rejects.toMatchObject({
      status: 409,
      error: { type: 'error', error: { message: expect.stringContaining('Send the same request again') } },
    });
    const gemini = await tell(gateway, '/v1beta/models/m:generateContent', {}, key.headers);
    expect(JSON.parse(gemini.body)).toMatchObject({ error: { code: 409 } });
    expect(gemini.headers.get('x-should-retry')).toBe('false');
    expect(vendor.heard).toHaveLength(1);
  });

  it('with a body that is too large to be compared', async () => {
    const told = await tell(gateway, '/openai/x', { a: 'x'.repeat(MIB) }, newKey().headers);

    expect([told.status, codeOf(told)]).toEqual([413, 'request_too_large']);
    expect(told.body).toContain('or no key');
    expect(vendor.heard).toEqual([]);
  });

  it('when the answer was too large to be kept: asking again would be paid again', async () => {
    vendor.answer(response => response.end(Buffer.alloc(9 * MIB, 'x')));
    const { headers } = newKey();
    const first = await tell(gateway, '/openai/x', {}, headers);
    const second = await tell(gateway, '/openai/x', {}, headers);

    expect([first.status, first.body.length]).toEqual([200, 9 * MIB]);
    expect([second.status, codeOf(second)]).toEqual([409, 'idempotency_answer_not_kept']);
    expect(second.headers.get('x-should-retry')).toBe('false');
    expect(vendor.heard).toHaveLength(1);
  });
});

describe('a call with an Idempotency-Key', () => {
  it('reaches the vendor without it, and with all its other headers', async () => {
    await tell(gateway, '/openai/x?a=1', { b: 2 }, { ...newKey().headers, 'x-custom': 'yes' });

    expect(vendor.heard).toMatchObject([
      { url: '/v1/x?a=1', body: '{"b":2}', headers: { 'x-custom': 'yes' } },
    ]);
    expect(Object.keys(vendor.heard[0]?.headers ?? {})).not.toContain('idempotency-key');
  });

  it('is not made while the store is away: nobody knows whether it would be the first', async () => {
    const own = await startGateway({ AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendor.url}/v1` });
    const { headers } = newKey();
    try {
      await tell(own, '/openai/x', {}, {}); // the gateway knows the project's key
      await own.app.get<Database>(DATABASE).close();
      const [withKey, without] = [
        await tell(own, '/openai/x', {}, headers),
        await tell(own, '/openai/x', {}, {}),
      ];

      expect([withKey.status, codeOf(withKey)]).toEqual([503, 'store_unavailable']);
      expect(withKey.body).toContain('cannot tell whether this Idempotency-Key was used before');
      expect(withKey.headers.get('retry-after')).toBe('1');
      expect(without.status).toBe(200);
      expect(vendor.heard).toHaveLength(2);
    } finally {
      await own.stop();
    }
  });

  it('is answered when the store fails at its end, and kept when the store is back', async () => {
    const own = await startGateway({
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendor.url}/v1`,
      ...IN_MEMORY,
    });
    const { schema } = own.app.get<SqlDatabase>(DATABASE).sql;
    const { headers } = newKey();
    const states = async (): Promise<unknown> =>
      own.app.get<SqlDatabase>(DATABASE).sql.selectFrom('idempotent_answers').select('state').execute();
    vendor.answer(async response => {
      await schema.alterTable('idempotent_answers').renameTo('away').execute();
      response.end('{}');
    });
    try {
      const first = await tell(own, '/openai/x', {}, headers);
      const second = await tell(own, '/openai/x', {}, headers);
      await schema.alterTable('away').renameTo('idempotent_answers').execute();
      expect([first.status, second.status, isReplayed(second)]).toEqual([200, 200, true]);
      await eventually(async () => expect(await states()).toEqual([{ state: 'kept' }]));
      expect(vendor.heard).toHaveLength(1);
    } finally {
      await own.stop();
    }
  });

  it('is cut when its vendor breaks off, and can be made again', async () => {
    vendor.answer(response => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345', () => response.destroy());
    });
    const { headers } = newKey();
    await expect(tell(gateway, '/openai/x', {}, headers)).rejects.toThrow();
    vendor.answer(response => response.end('1234567890'));

    await eventually(async () => {
      await expect(tell(gateway, '/openai/x', {}, headers)).resolves.toMatchObject({ body: '1234567890' });
    });
  });

  it('may be one of many on a connection', async () => {
    const one = (key: string): string =>
      `POST /openai/x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.projectKey}\r\n` +
      `content-type: application/json\r\nidempotency-key: ${key}\r\ncontent-length: 2\r\n`;
    const answer = await rawRequest(
      gateway.url,
      `${one('a')}\r\n{}${one('b')}\r\n{}${one('a')}connection: close\r\n\r\n{}`,
    );

    expect(statusesOf(answer)).toEqual([200, 200, 200]);
    expect(vendor.heard).toHaveLength(2);
  });
});
