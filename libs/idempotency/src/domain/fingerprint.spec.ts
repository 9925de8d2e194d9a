import { type AskedOnce, fingerprintOf } from './fingerprint.js';

const CALL = { routing: null, permission: null, keyId: 'key-1' };
const LIMITED = { ...CALL, permission: {} as NonNullable<AskedOnce['call']['permission']> };

const of = (some: Partial<AskedOnce> = {}): Promise<string> =>
  fingerprintOf({ url: '/v1/embeddings', headers: {}, body: Buffer.from('{"a":1}'), call: CALL, ...some });

function form(boundary: string, value: string): Pick<AskedOnce, 'headers' | 'body'> {
  const part = `--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n${value}\r\n--${boundary}--\r\n`;
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.from(part),
  };
}

describe('fingerprintOf', () => {
  it('is the same for the same request, whatever does not change its meaning', async () => {
    const headers = { 'x-stainless-retry-count': '2', 'user-agent': 'curl' };

    await expect(of({ headers })).resolves.toBe(await of());
    await expect(of({ call: { ...CALL, keyId: 'key-2' } })).resolves.toBe(await of());
    await expect(of({ url: '/v1/embeddings?key=pk_2' })).resolves.toBe(
      await of({ url: '/v1/embeddings?key=pk_1' }),
    );
  });

  it.each<[string, Partial<AskedOnce>]>([
    ['body', { body: Buffer.from('{"a": 1}') }],
    ['no body', { body: Buffer.alloc(0) }],
    ['path', { url: '/v1/rerank' }],
    ['query', { url: '/v1/embeddings?alt=sse' }],
    ['wish of routing', { call: { ...CALL, routing: { models: 'openai/gpt-5' } } }],
    ['strict mode', { headers: { 'x-llmhub-strict': 'true' } }],
    ['window of history', { headers: { 'x-llmhub-history': 'last=2' } }],
    ['version of the API', { headers: { 'anthropic-beta': 'new' } }],
    ['packing', { headers: { 'content-encoding': 'gzip' } }],
    ['key that may not use everything', { call: LIMITED }],
  ])('differs with another %s', async (_, some) => {
    await expect(of(some)).resolves.not.toBe(await of());
  });

  it('keeps apart the keys that may not use everything', async () => {
    const other = { ...LIMITED, keyId: 'key-2' };

    await expect(of({ call: LIMITED })).resolves.toBe(await of({ call: LIMITED }));
    await expect(of({ call: other })).resolves.not.toBe(await of({ call: LIMITED }));
  });

  it('looks at what a form holds, and not at the boundary that an SDK makes anew for each try', async () => {
    const first = await of(form('----one', 'whisper-1'));

    await expect(of(form('----another-one', 'whisper-1'))).resolves.toBe(first);
    await expect(of(form('----one', 'whisper-2'))).resolves.not.toBe(first);
    const quoted = { 'content-type': 'multipart/form-data; charset=utf-8; boundary="----one"' };
    await expect(of({ ...form('----one', 'whisper-1'), headers: quoted })).resolves.toBe(first);
  });

  it('reads a form of nothing but boundaries in a bounded number of parts', async () => {
    const { headers } = form('a', '');
    const body = Buffer.from('--a'.repeat(100_000));
    const other = Buffer.concat([body, Buffer.from('b')]);

    await expect(of({ headers, body })).resolves.not.toBe(await of({ headers, body: other }));
  });
});
