import { LOGGER, type Logger, logLines } from '@app/shared';
import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';
import { checkOutput } from './support/secret-scan.js';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startGateway();
});

const logger = (): Logger => gateway.app.get<Logger>(LOGGER);
const chat = (content: string): Promise<Response> =>
  gateway.chat({ model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content }] });

/** What stopping says about leaks, or null when there were none. */
const findings = (): Promise<string | null> =>
  gateway.stop().then(
    () => null,
    (error: unknown) => String(error),
  );

describe('the search for secrets in every suite', () => {
  it('finds nothing where nothing is', async () => {
    await (await chat('Say hello.')).text();
    logger().info({ headers: { authorization: `Bearer ${gateway.projectKey}` } }, `wrong key ${ADMIN_KEY}`);

    expect(await findings()).toBeNull();
  });

  it('finds an issued key in the log', async () => {
    logLines(logger(), 'a line that is not searched', [{ note: gateway.projectKey }]);

    expect(await findings()).toMatch(
      /^Error: Secrets were shown:\n- pk_..… in the log, behind “.*"note":"”$/,
    );
  });

  it('finds an ephemeral key in the log', async () => {
    const issued = await gateway.call('/v1/realtime/client_secrets', { method: 'POST' });
    const { value } = (await issued.json()) as { value: string };
    logLines(logger(), 'a line that is not searched', [{ note: value }]);

    expect(await findings()).toMatch(
      /^Error: Secrets were shown:\n- ek_v1… in the log, behind “.*"note":"”$/,
    );
  });

  it('finds a key in an answer: a vendor’s, the admin’s and one that was issued before', async () => {
    for (const secret of ['sk-simulated-openai', ADMIN_KEY, gateway.projectKey]) {
      expect(await (await chat(secret)).text()).toContain(secret);
    }
    const found = await findings();

    expect(found?.match(/^- .{5}… in the answer to POST \/v1\/chat\/completions/gm)).toHaveLength(3);
    expect(found).not.toContain(gateway.projectKey);
  });

  it('finds a vendor key of a project in an answer', async () => {
    const at = `/admin/projects/${gateway.projectId}/provider-keys`;
    await gateway.admin('POST', at, { provider: 'openai', name: 'own', apiKey: 'own-key-of-the-project' });
    await (await chat('own-key-of-the-project')).text();

    expect(await findings()).toContain('own-k… in the answer to POST /v1/chat/completions');
  });

  it('finds them in the output of a process, but lets its welcome show new keys', async () => {
    const key = `pk_${'0a'.repeat(24)}`;
    await gateway.stop();

    expect(() => checkOutput(`project key ${key}\n{"msg":"call"}\n`, {})).not.toThrow();
    expect(() => checkOutput(`project key ${key}\n{"msg":"${key}"}\n`, {})).toThrow('pk_0a… in the log');
    expect(() => checkOutput(`admin key is hunter-22\n`, { AI_GATEWAY_ADMIN_KEY: 'hunter-22' })).toThrow(
      'hunte… in the output',
    );
  });
});
