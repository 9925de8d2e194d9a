import { hash } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { TranscriptionRecordRepository, TranscriptionSweep } from '@app/audio';
import { LOGGER, type Logger, StoreUnavailableError } from '@app/shared';
import { Caching, type Owner } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { type Answer, ask, type Asked, AT, type Heard, hearAs, HELLO, recorded } from './support/hearing.js';
import { simulated } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const OTHER = Buffer.concat([HELLO, Buffer.alloc(320)]);
const ON = { transcriptionHistoryDays: 30 };
const WITH_TEXT = { ...ON, transcriptionHistoryText: true };
const DAY_MS = 86_400_000;
const NOBODY = '01936f5a-7c1e-7a1b-8f00-0123456789ab';

describe('the history of transcriptions', () => {
  let caching: Caching;
  let owner: Owner;

  beforeAll(async () => {
    caching = await Caching.start(simulated);
  });
  beforeEach(async () => {
    caching.gateway.simulator.reset();
    owner = await caching.project(ON);
  });
  afterAll(() => caching?.gateway.stop());

  const hear = (asked: Asked = {}): Promise<Heard> =>
    hearAs(caching.gateway, { key: owner.apiKey, ...asked });
  const history = (count: number, query = '', key = owner.apiKey): Promise<Record<string, unknown>[]> =>
    recorded(caching.gateway, key, count, query);
  const page = (query: string): Promise<Answer> => ask(caching.gateway, owner.apiKey, `${AT}?${query}`);
  const at = (id: unknown, method = 'GET', key = owner.apiKey): Promise<Answer> =>
    ask(caching.gateway, key, `${AT}/${String(id)}`, method);

  it('tells of each recording that was heard, by the official SDK, and what it cost', async () => {
    const { id: projectId, apiKey } = await caching.project({ ...ON, transcriptionCache: true });
    const openai = new OpenAI({ apiKey, baseURL: `${caching.gateway.url}/v1`, maxRetries: 0 });
    const ids: (string | null)[] = [];
    for (const name of ['first.wav', 'second 🎧.wav']) {
      const sent = { file: await toFile(HELLO, name), model: 'whisper-1', language: 'en' };
      const { response } = await openai.audio.transcriptions.create(sent).withResponse();
      ids.push(response.headers.get('x-request-id'));
    }
    const [second, first] = await history(2, '', apiKey);
    const paid = await usageOf(caching.gateway, ids[0] ?? null);

    expect(caching.calls).toBe(1);
    expect(first).toEqual({
      id: ids[0],
      object: 'audio.transcription',
      request_id: ids[0],
      created_at: expect.any(Number) as number,
      expires_at: Number(first?.['created_at']) + 30 * 86_400,
      task: 'transcriptions',
      provider: 'openai',
      model: 'whisper-1',
      file_hash: hash('sha256', HELLO),
      file_name: 'first.wav',
      duration: expect.closeTo(1.69, 1) as number,
      language: 'en',
      cost: Number(paid.costNanoUsd) / 1e9,
      cached: false,
      text: null,
    });
    expect(Number(paid.costNanoUsd)).toBeGreaterThan(0);
    expect(second).toMatchObject({ id: ids[1], file_name: 'second 🎧.wav', cost: 0, cached: true });
    await expect(openai.get(`/audio/transcriptions/${String(ids[0])}`)).resolves.toEqual(first);
    expect((await caching.gateway.admin('GET', `/admin/projects/${projectId}`)).body).toMatchObject(ON);
  });

  it.each<Record<string, string>>([
    { response_format: 'json' },
    { response_format: 'srt' },
    { response_format: 'verbose_json' },
    { model: 'openai/gpt-4o-transcribe', stream: 'true' },
    { model: 'openai/whisper-1', stream: 'true' },
    { model: 'deepgram/nova-3' },
  ])('has the text where the project wants it, sealed (%j)', async fields => {
    const who = await caching.project(WITH_TEXT);
    await hear({ key: who.apiKey, fields });
    const [found] = await history(1, '', who.apiKey);
    const stored = await caching.gateway.app.get(TranscriptionRecordRepository).listSealed(100);
    const { envelope } = stored.find(({ id }) => id === found?.['id']) ?? { envelope: 'none' };

    expect(found).toMatchObject({ text: expect.stringContaining('transcript of') as string });
    expect(JSON.stringify(stored)).not.toMatch(/transcript of|hello\.wav/);
    expect(envelope).toMatch(/^v\d/);
  });

  it('tells of translations, too', async () => {
    await hear({ path: '/v1/audio/translations' });

    expect(await history(1)).toMatchObject([
      { task: 'translations', duration: expect.closeTo(1.69, 1) as number },
    ]);
  });

  it('comes in pages, and by file', async () => {
    const heard: (string | null)[] = [];
    for (const file of [HELLO, OTHER, HELLO, OTHER, HELLO]) {
      heard.unshift((await hear({ file })).id);
    }
    await history(5);
    const pages: unknown[] = [];
    let after = '';
    for (let more = true; more;) {
      const { body } = await page(`limit=2${after && `&after=${after}`}`);
      pages.push(body.data?.map(({ id }) => id));
      expect(body).toMatchObject({ object: 'list', first_id: body.data?.[0]?.['id'] });
      after = String(body['last_id']);
      more = body['has_more'] === true;
    }

    expect(pages).toEqual([heard.slice(0, 2), heard.slice(2, 4), heard.slice(4)]);
    const ofFile = await history(2, `?file_hash=${hash('sha256', OTHER).toUpperCase()}`);
    expect(ofFile.map(({ id }) => id)).toEqual([heard[1], heard[3]]);
    await history(0, `?file_hash=${'0'.repeat(64)}`);
  });

  it.each(['limit=0', 'limit=101', 'limit=many', 'after=1', 'file_hash=abc', 'order=asc'])(
    'refuses a page that is none (%s)',
    async query => {
      const { status, body } = await page(query);

      expect(status).toBe(400);
      expect(body).toMatchObject({ error: { type: 'invalid_request_error', param: query.split('=')[0] } });
    },
  );

  it('forgets what is deleted, once', async () => {
    const { id } = await hear();
    await history(1);

    expect(await at(id, 'DELETE')).toEqual({
      status: 200,
      body: { id, object: 'audio.transcription', deleted: true },
    });
    expect((await at(id, 'DELETE')).status).toBe(404);
    expect((await at(id)).status).toBe(404);
    await history(0);
  });

  it.each([NOBODY, 'abc', '%00', 'x'.repeat(500)])('knows nothing of %s', async id => {
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await at(id, method);
      expect(status).toBe(404);
      expect(body).toMatchObject({ error: { code: 'transcription_not_found', param: 'id' } });
    }
  });

  it('is its project’s alone', async () => {
    const { id } = await hear();
    await history(1);
    const other = await caching.project(ON);

    await history(0, '', other.apiKey);
    expect((await at(id, 'GET', other.apiKey)).status).toBe(404);
    expect((await at(id, 'DELETE', other.apiKey)).status).toBe(404);
    expect((await at(id)).status).toBe(200);
  });

  it('shows a key that is limited to some models its own only', async () => {
    const { key } = await caching.key(owner.id, { allowedModels: ['whisper-1'] });
    const { id } = await hear();
    const own = await hear({ key });
    await history(2);

    expect(await history(1, '', key)).toMatchObject([{ id: own.id }]);
    expect((await at(id, 'GET', key)).status).toBe(404);
    expect((await at(id, 'DELETE', key)).status).toBe(404);
    expect((await at(own.id, 'DELETE', key)).status).toBe(200);
  });

  it('is over after its days, and what is over is deleted', async () => {
    const brief = await caching.project({ transcriptionHistoryDays: 1 });
    const { id } = await hear({ key: brief.apiKey });
    const long = await hear();
    await Promise.all([history(1, '', brief.apiKey), history(1)]);
    caching.pass(DAY_MS);

    await history(0, '', brief.apiKey);
    expect((await at(id, 'GET', brief.apiKey)).status).toBe(404);
    await caching.gateway.app.get(TranscriptionSweep).run();
    const left = await caching.gateway.app.get(TranscriptionRecordRepository).listSealed(100);
    expect(left.map(each => each.id)).toContain(long.id);
    expect(left.map(each => each.id)).not.toContain(id);
    caching.pass(-DAY_MS);
  });

  it('begins when the project says so, ends when it says so, and keeps what it has', async () => {
    const project = `/admin/projects/${owner.id}`;
    await caching.change(project, { transcriptionHistoryDays: null });
    await hear();
    await caching.change(project, WITH_TEXT);
    const { id } = await hear();
    await caching.change(project, { transcriptionHistoryDays: null });
    await hear();
    await caching.change(project, ON);

    expect(await history(1)).toMatchObject([{ id, text: expect.any(String) as string }]);
  });

  it('has nothing of a project that does not want it, of what failed, or was cut', async () => {
    const off = await caching.project();
    await hear({ key: off.apiKey });
    caching.gateway.simulator.chaos([{ fault: 'status=500' }]);
    expect((await hear()).status).toBe(502);
    caching.gateway.simulator.chaos([{ fault: 'cut=2' }]);
    await hear({ fields: { model: 'openai/gpt-4o-transcribe', stream: 'true' } }).catch(() => null);
    caching.gateway.simulator.chaos([]);
    const { id } = await hear();

    expect(await history(1)).toMatchObject([{ id }]);
    await history(0, '', off.apiKey);
  });

  it.each([
    { transcriptionHistoryDays: 0 },
    { transcriptionHistoryDays: 3654 },
    { transcriptionHistoryDays: 1.5 },
    { transcriptionHistoryDays: 'ever' },
    { transcriptionHistoryText: 'yes' },
    { transcriptionHistoryText: null },
  ])('is not what it cannot be: %j', async settings => {
    const { status, body } = await caching.gateway.admin<{ error: { param: string } }>(
      'PATCH',
      `/admin/projects/${owner.id}`,
      settings,
    );

    expect(status).toBe(400);
    expect(body.error.param).toBe(Object.keys(settings)[0]);
  });

  it('lets an answer go where the store takes nothing, and the log tells it', async () => {
    const records = caching.gateway.app.get(TranscriptionRecordRepository);
    const logger = caching.gateway.app.get<Logger>(LOGGER);
    const { insert } = records;
    const { error } = logger;
    const lines: unknown[][] = [];
    records.insert = () => Promise.reject(new StoreUnavailableError(new Error('away')));
    logger.error = (...line: unknown[]) => void lines.push(line);
    try {
      const { id, status } = await hear();
      expect(status).toBe(200);
      await eventually(() =>
        expect(lines).toMatchObject([[{ callId: id }, 'A transcription was not kept in the history']]),
      );
    } finally {
      Object.assign(records, { insert });
      Object.assign(logger, { error });
    }
    await history(0);
  });
});
