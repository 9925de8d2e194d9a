import { createLogger, NestLogger } from './logger.js';

const SECRETS = [
  'pk_1f0c1f0c1f0c1f0c1f0c1f0c1f0c1f0c1f0c1f0c1f0c1f0c',
  'ak_test_0123456789abcdef',
  'sk-proj-Abc_123-456',
  'sk-ant-api03-abcdefgh',
  'gsk_abcdefgh12345678',
  'xai-abcdefgh12345678',
  'AIzaSyA1234567890abc',
  'hf_AbCdEfGhIjKlMnOpQrStUv',
  'pplx-0123456789abcdefghijkl',
  'csk-0123456789abcdefghijklm',
  'nvapi-Ab_0123456789abcdefgh',
  'fw_0123456789abcdefghijklmn',
  'ek_68af296e8e408191',
  'ek_v1.0a1b2c3d.q83vEjRW_A-JA',
  'tgp_v1_0123456789abcdefghij',
];

describe('the log', () => {
  it.each(SECRETS)('shows %s nowhere', secret => {
    const { lines, logger } = aLogger();
    const cause = new Error(`vendor said:\n${secret} is wrong`);

    logger.info(`first line\n${secret}`);
    logger.info('with %s', secret);
    logger.info({ url: `/v1/models?key=${secret}&a=1`, list: [{ deep: { note: `(${secret})` } }] }, 'fields');
    logger.info({ [secret]: 1 }, 'as a name');
    logger.error({ err: new Error(`outer ${secret}`, { cause }) }, 'failed');
    logger.error(
      { err: Object.assign(new Error('x'), { request: { body: `{"k":"${secret}"}` } }) },
      'failed',
    );
    logger.child({ key: secret }).info('child');
    new NestLogger(logger).error(`nest ${secret}`, `Error: ${secret}\n    at ${secret}`, 'Context');
    new NestLogger(logger).error(new Error(secret));

    expect(lines).toHaveLength(9);
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).not.toContain(secret.slice(8));
    for (const line of lines) {
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });

  it.each([
    { apiKey: 'hunter2' },
    { headers: { authorization: 'hunter2' } },
    { authorization: 'hunter2' },
    { 'x-api-key': 'hunter2' },
    { req: { headers: { 'x-goog-api-key': 'hunter2', cookie: 'hunter2' } } },
    { body: { api_key: 'hunter2', password: 'hunter2', token: 'hunter2', secret: 'hunter2' } },
    { err: Object.assign(new Error('x'), { headers: { authorization: 'hunter2' } }) },
  ])('masks fields by their name: %j', fields => {
    const { lines, logger } = aLogger();

    logger.info(fields, 'a line');

    expect(lines.join('')).toContain('[redacted]');
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('masks bearer tokens and passwords of connection strings', () => {
    const { lines, logger } = aLogger();

    logger.info('Authorization: Bearer abc.def"quoted\\ and bearer other-token');
    logger.info('mongodb://user:p4ss-w0rd@db:27017/hub');

    expect(lines.join('')).not.toMatch(/abc\.def|other-token|p4ss/);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ msg: 'mongodb://user:[redacted]@db:27017/hub' });
    expect(() => JSON.parse(lines[0] ?? '')).not.toThrow();
  });

  it('leaves ordinary words alone', () => {
    const { lines, logger } = aLogger();
    const text = 'task-management disk-usage12345 risk_assessment apk_installer http://127.0.0.1:3001/a@b';

    logger.info(text);

    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: text, level: 30 });
  });

  it('is one line per entry, and silent below its level', () => {
    const { lines, logger } = aLogger();

    logger.trace('unheard');
    logger.warn({ requestId: 'r-1' }, 'two\nlines');

    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ requestId: 'r-1', msg: 'two\nlines' });
  });
});

function aLogger(): { lines: string[]; logger: ReturnType<typeof createLogger> } {
  const lines: string[] = [];
  return { lines, logger: createLogger('debug', { write: line => void lines.push(line) }) };
}
