import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ClientSecrets } from '@app/projects';
import { WebSocket } from 'ws';
import { ANSWERED, answered, IN_WORDS, SecretGround } from './support/secret-ground.js';

const ground = new SecretGround();

const status = (secret: string, at?: string): Promise<string> =>
  ground.dial(secret, at).then(
    () => 'open',
    (error: Error) => /\d+$/.exec(error.message)?.[0] ?? error.message,
  );
/** Of an upgrade without a key in its head. */
const refusal = async (
  at: string,
): Promise<{ status?: number; error: { code: string; message: string } }> => {
  const socket = new WebSocket(ground.gateway.url.replace('http', 'ws') + at);
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const body = JSON.parse(await text(response)) as { error: { code: string; message: string } };
  socket.terminate();
  return { ...body, ...(response.statusCode !== undefined && { status: response.statusCode }) };
};
const keyOf = async (settings: object): Promise<{ id: string; key: string }> => {
  const at = `/admin/projects/${ground.projectId}/api-keys`;
  return (await ground.gateway.admin<{ id: string; key: string }>('POST', at, { name: 'k', ...settings }))
    .body;
};
const secretBy = (key: string): Promise<string> => ground.secretOf(IN_WORDS, key);

describe('an ephemeral key that is refused in HTTP', () => {
  it.each([
    ['for another model', IN_WORDS, '?model=gpt-realtime-mini', '400'],
    ['for another type', IN_WORDS, '?intent=transcription', '400'],
    ['for a type without a model', { type: 'transcription' as const }, '?intent=conversation', '400'],
  ])('is one %s', async (_, session, query, code) => {
    await expect(status(await ground.secretOf(session), `/v1/realtime${query}`)).resolves.toBe(code);
  });

  it('is forged, or cut', async () => {
    const secret = await ground.secretOf(IN_WORDS);
    const wrong = [
      `${secret.slice(0, -9)}AAAAAAAAA`,
      secret.slice(0, -1),
      'ek_68af296e8e408191a1120ab6383263c2',
      `${secret}.x`,
    ];

    await expect(Promise.all(wrong.map(each => status(each)))).resolves.toEqual(wrong.map(() => '401'));
  });

  it.each(['?key=', '?access_token=', '?model=gpt-realtime&k%65y=x&key='])(
    "is said in the address of OpenAI's path, where it ends up in logs: %s",
    async query => {
      for (const key of [ground.apiKey, await ground.secretOf(IN_WORDS)]) {
        const refused = await refusal(`/v1/realtime${query}${key}`);
        expect(refused).toMatchObject({ status: 401, error: { code: 'key_in_url' } });
        expect(refused.error.message).toMatch(/Authorization: Bearer.*openai-insecure-api-key/);
        expect(JSON.stringify(refused)).not.toContain(key);
      }
    },
  );

  it('is said in the address in disguise', async () => {
    const { status: code } = await refusal(`/v1/realtime?k%65y=${ground.apiKey}&nokey=`);
    expect(code).toBe(401);
  });

  it('is none where a good one is said as it is to be, whatever the address has', async () => {
    const client = await ground.openAt(`/v1/realtime?model=gpt-realtime&key=x&access_token=x`);
    await client.untilType('session.created');
    await client.close();
  });

  it('has expired', async () => {
    const { projectId } = ground;
    const secrets = ground.gateway.app.get(ClientSecrets);
    const { id: keyId } = await keyOf({});
    const until = (expiresAt: number): string =>
      secrets.seal({ projectId, keyId, expiresAt, config: { ...IN_WORDS, type: 'realtime' } });
    const now = Math.floor(Date.now() / 1000);

    await expect(status(until(now - 1))).resolves.toBe('401');
    await expect(answered(await ground.dial(until(now + 100)))).resolves.toBe(ANSWERED);
  });

  it('was made by a key that is revoked since, or whose project is suspended', async () => {
    const { id, key } = await keyOf({});
    const [revoked, suspended] = [await secretBy(key), await ground.secretOf(IN_WORDS)];
    const project = `/admin/projects/${ground.projectId}`;
    expect((await ground.gateway.admin('DELETE', `${project}/api-keys/${id}`)).status).toBe(204);
    await expect(status(revoked)).resolves.toBe('401');
    expect((await ground.gateway.admin('POST', `${project}/suspend`)).status).toBe(200);
    await expect(status(suspended)).resolves.toBe('403');
  });

  it('was made by a key that may not open sessions, or not with that model', async () => {
    const { key } = await keyOf({ allowedEndpoints: ['/v1/realtime/*'] });
    await expect(status(await secretBy(key))).resolves.toBe('403');
    const narrow = await keyOf({ allowedModels: ['anthropic/*'] });
    await expect(secretBy(narrow.key)).rejects.toMatchObject({ status: 403 });
  });

  it('counts as its maker does', async () => {
    const { key } = await keyOf({ concurrentCalls: 1 });
    const secret = await secretBy(key);
    const client = await ground.dial(secret);
    await client.untilType('session.created');
    await expect(status(secret)).resolves.toBe('429');
    await client.close();
  });
});

describe('an ephemeral key is good for nothing else', () => {
  const chat = { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hello' }] };

  it.each([
    ['/v1/chat/completions', chat],
    ['/v1/messages', { ...chat, max_tokens: 9 }],
    ['/v1beta/models/gemini-2.5-flash:generateContent', {}],
    ['/v1/realtime/client_secrets', {}],
    ['/v1/realtime/sessions', {}],
    ['/v1/realtime/transcription_sessions', {}],
    ['/openai/v1/chat/completions', chat],
    ['/v1/realtime', null],
    ['/v1/models', null],
    ['/admin/projects', null],
    ['/metrics', null],
  ])('not for %s', async (at, body) => {
    const response = await fetch(ground.gateway.url + at, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${await ground.secretOf(IN_WORDS)}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });

    expect(response.status).toBe(401);
    expect(await response.text()).toMatch(/opens realtime sessions, by WebSocket, and nothing else/);
  });
});

describe('no ephemeral key is made', () => {
  it('for what is nested too deeply', async () => {
    const response = await ground.gateway.call('/v1/realtime/client_secrets', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"session":{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'nested_too_deeply' } });
  });

  it.each<[string, unknown, number, string]>([
    ['of what is no object', [], 400, 'invalid_json'],
    ['for no session', { session: 'realtime' }, 400, 'session'],
    ['for an unknown type', { session: { type: 'telephone' } }, 400, 'session.type'],
    ['for a model that is no name', { session: { model: 5 } }, 400, 'session.model'],
    [
      'for a transcriber that is no name',
      { session: { type: 'transcription', audio: { input: { transcription: { model: '' } } } } },
      400,
      'session.audio.input.transcription.model',
    ],
    ['for a model that nobody knows', { session: { model: 'nobody-knows-it' } }, 404, 'model'],
    ['for a vendor that nobody knows', { session: { model: 'nobody/knows-it' } }, 404, 'model'],
    ['for a model without sessions', { session: { model: 'deepgram/nova-3' } }, 400, 'model'],
    [
      'for a model of vectors',
      { session: { model: 'openai/text-embedding-3-small' } },
      400,
      'no_realtime_model',
    ],
    ["for another vendor's", { session: { model: 'mistral/mistral-embed' } }, 400, 'no_realtime_model'],
    ['for a voice that only reads out', { session: { model: 'openai/tts-1' } }, 400, 'no_realtime_model'],
    [
      'for sessions at a vendor without a key',
      { session: { model: 'xai/grok-voice-latest' } },
      400,
      'no_provider_key',
    ],
    [
      'for a text model of one',
      { session: { model: 'mistral/mistral-small-latest' } },
      400,
      'no_provider_key',
    ],
    [
      'for a transcriber of one',
      {
        session: {
          type: 'transcription',
          audio: { input: { transcription: { model: 'groq/whisper-large-v3' } } },
        },
      },
      400,
      'no_provider_key',
    ],
    ['from another moment on', { expires_after: { anchor: 'now' } }, 400, 'expires_after.anchor'],
    ['for no time', { expires_after: { seconds: 9 } }, 400, 'expires_after.seconds'],
    ['for too long', { expires_after: { seconds: 7201 } }, 400, 'expires_after.seconds'],
    ['for parts of a second', { expires_after: { seconds: 10.5 } }, 400, 'expires_after.seconds'],
    ['for a time that is none', { expires_after: 60 }, 400, 'expires_after'],
    ['for more than a header holds', { session: { instructions: 'a'.repeat(9000) } }, 400, 'session'],
  ])('%s', async (_, body, status, where) => {
    const response = await ground.gateway.call('/v1/realtime/client_secrets', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { error } = (await response.json()) as { error?: { param: string | null; code: string } };

    expect(response.status).toBe(status);
    expect([error?.param ?? error?.code ?? '', error?.code]).toContain(where);
    expect(ground.gateway.simulator.requests()).toEqual([]);
  });

  it("for what is refused when it is dialled, too, but for the project's own key", async () => {
    const session = { type: 'realtime', model: 'openai/text-embedding-3-small' } as const;
    await expect(ground.openAt(`/v1/realtime?model=${session.model}`)).rejects.toThrow(': 400');
    const at = `/admin/projects/${ground.projectId}/provider-keys`;
    const own = await ground.gateway.admin('POST', at, {
      provider: 'xai',
      name: 'own',
      apiKey: 'xai-own-0123456789abcdef',
    });
    expect(own.status).toBe(201);
    await expect(ground.secretOf({ type: 'realtime', model: 'xai/grok-voice-latest' })).resolves.toMatch(
      /^ek_/,
    );
  });
});
