import { startGateway, type TestGateway } from './support/gateway.js';
import {
  chatDelta,
  EVENT_STREAM,
  type RawVendor,
  startRawVendor,
  vendorEvents,
} from './support/raw-vendor.js';

/** Keys that no pattern knows. */
const KEYS: Readonly<Record<string, string>> = {
  openai: 'Zm9vYmFyYmF6cXV4MTIzNDU2',
  anthropic: '0f8c2d7ab91e4d53a6f0c1b2',
  google: 'tGdPq7RkWzYx3LmNv5Bc9HsJ',
};
const VENDORS = Object.keys(KEYS);

let vendor: RawVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startRawVendor();
  const keys = VENDORS.map(id => [`AI_GATEWAY_PROVIDERS_${id.toUpperCase()}_API_KEY`, KEYS[id] ?? '']);
  gateway = await startGateway({ ...vendor.env, ...Object.fromEntries(keys) });
});

afterAll(async () => {
  await vendor?.close();
  await gateway?.stop(); // fails when one of the keys was seen in an answer or in the log
});

/** An error in every form, which repeats the key in all that is read of it. */
function errorWith(key: string, code: number): Record<string, unknown> {
  const said = `is_${key}_wrong`;
  const details = { error_code: said };
  return {
    type: 'error',
    error: {
      message: `The key ${key} is wrong.`,
      type: said,
      param: said,
      code: said,
      details,
      status: said,
    },
    status: code,
  };
}

async function ask(id: string, stream: boolean): Promise<string> {
  const messages = [{ role: 'user', content: 'Hi' }];
  const response = await gateway.chat({ model: `${id}/m`, stream, messages });
  const headers = JSON.stringify([...response.headers]);
  return headers + (await response.text());
}

async function records(): Promise<string> {
  const { body } = await gateway.admin<object>('GET', '/admin/usage?limit=100');
  return JSON.stringify(body);
}

describe.each(VENDORS)('an error of %s that repeats its key', id => {
  const key = KEYS[id] ?? '';
  const headers = { 'content-type': 'application/json', 'x-request-id': key, 'x-ratelimit-scope': key };

  it.each([400, 404, 429, 500])('hides it with status %i', async status => {
    vendor.answer(response =>
      response.writeHead(status, headers).end(JSON.stringify(errorWith(key, status))),
    );
    const answer = (await ask(id, false)) + (await ask(id, true)) + (await records());

    expect(answer).not.toContain(key);
    expect(answer).toContain('[redacted] is wrong.');
  });

  it('hides it in an answer with status 200, and in the headers that go on', async () => {
    vendor.answer(response => response.writeHead(200, headers).end(JSON.stringify(errorWith(key, 400))));

    expect((await ask(id, false)) + (await ask(id, true)) + (await records())).not.toContain(key);
  });

  it('hides it in a stream, before and after the first word', async () => {
    const events = vendorEvents(id, ['Hello', ' you']);
    for (const at of [0, 3]) {
      vendor.answer(response =>
        response
          .writeHead(200, { ...EVENT_STREAM, 'x-request-id': key })
          .end(
            [...events.slice(0, at), `event: error\ndata: ${JSON.stringify(errorWith(key, 400))}\n\n`].join(
              '',
            ),
          ),
      );

      expect((await ask(id, true)) + (await records())).not.toContain(key);
    }
  });

  it('hides it where models are listed', async () => {
    vendor.answer((response, request) => {
      const sent = VENDORS.find(of => JSON.stringify(request.headers).includes(KEYS[of] ?? ''));
      response.writeHead(400, headers).end(JSON.stringify(errorWith(KEYS[sent ?? ''] ?? '', 400)));
    });
    const listed = await gateway.call('/v1/models');
    const { body } = await gateway.admin<object>('GET', '/admin/providers');

    expect(`${JSON.stringify([...listed.headers, body])}${await listed.text()}`).not.toContain(key);
  });
});

describe('a header of a vendor', () => {
  it('goes on without the key', async () => {
    const chunks = [chatDelta({ content: 'Hi' }), chatDelta({}, 'stop'), 'data: [DONE]\n\n'];
    vendor.answer(response =>
      response
        .writeHead(200, { ...EVENT_STREAM, 'x-request-id': `r-${KEYS['openai']}` })
        .end(chunks.join('')),
    );

    expect(await ask('openai', true)).toContain('["x-llmhub-upstream-x-request-id","r-[redacted]"]');
  });
});
