import OpenAI from 'openai';
import { ExpirySweep } from '@app/responses';
import { RetentionSweep } from '../libs/analytics/src/domain/retention-sweep.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { hearAs } from './support/hearing.js';

const MODEL = 'anthropic/claude-sonnet-5';

interface Kind {
  readonly kind: string;
  readonly days: number | null;
  readonly since: string | null;
  readonly projects: readonly { projectId: string; days: number | null; since: string | null }[];
}

let gateway: TestGateway;
let project: { id: string; apiKey: string };
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway({ AI_GATEWAY_RETENTION_USAGE_DAYS: '90' });
});
beforeEach(async () => {
  const { body } = await gateway.admin<typeof project>('POST', '/admin/projects', { name: 'kept' });
  project = body;
  openai = new OpenAI({ apiKey: project.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
afterAll(() => gateway?.stop());

const at = (): string => `/admin/projects/${project.id}`;
const change = (settings: object): ReturnType<typeof gateway.admin> => gateway.admin('PATCH', at(), settings);

async function retained(): Promise<Record<string, Kind>> {
  const { body } = await gateway.admin<{ data: Kind[] }>('GET', '/admin/retention');
  return Object.fromEntries(body.data.map(kind => [kind.kind, kind]));
}

describe('what is kept', () => {
  it('is told of every kind, and of the projects that want another time', async () => {
    await openai.responses.create({ model: MODEL, input: 'Hi' });
    await change({ transcriptionHistoryDays: 30, retentionUsageDays: 0, retentionDecisionDays: 7 });
    await eventually(async () => {
      await hearAs(gateway, { key: project.apiKey });
      expect((await retained())['transcriptions']?.since).not.toBeNull();
    });
    const kinds = await retained();

    expect(Object.keys(kinds)).toEqual([
      'usage',
      'labels',
      'decisions',
      'responses',
      'transcriptions',
      'audit',
    ]);
    const time = expect.stringMatching(/^20.*Z$/) as string;
    const own = { projectId: project.id, since: time };
    await eventually(async () =>
      expect(await retained()).toMatchObject({
        usage: { days: 90, since: time, projects: [{ ...own, days: null }] },
        labels: { days: 400, since: null, projects: [] },
        decisions: { days: null, projects: [{ projectId: project.id, days: 7 }] },
        responses: { days: 30, since: time, projects: [] },
        transcriptions: { days: 0, since: time, projects: [{ ...own, days: 30 }] },
        audit: { days: null, since: time, projects: [] },
      }),
    );
    const audit = await gateway.admin<{ data: object[] }>(
      'GET',
      `/admin/audit?project=${project.id}&limit=1`,
    );
    expect(audit.body.data).toMatchObject([
      { action: 'project.update', after: { retentionUsageDays: 0, retentionDecisionDays: 7 } },
    ]);
    await gateway.admin('DELETE', at());
  });

  it.each([
    { retentionUsageDays: -1 },
    { retentionDecisionDays: 1.5 },
    { retentionResponseDays: 36_501 },
    { retentionResponseDays: 'ever' },
  ])('is refused: %j', async settings => {
    const { status, body } = await change(settings);
    expect([status, body]).toMatchObject([400, { error: { param: Object.keys(settings)[0] } }]);
  });

  it('goes at once when its project wants no responses any more, and comes again when it does', async () => {
    const { id } = await openai.responses.create({ model: MODEL, input: 'Hi' });
    const conversation = await openai.conversations.create({ items: [{ role: 'user', content: 'Hi' }] });
    await change({ retentionResponseDays: 0 });
    await eventually(async () => {
      const next = await openai.responses.create({ model: MODEL, input: 'Hi' });
      expect(next).toMatchObject({ store: false });
    });
    await expect(openai.conversations.create()).rejects.toMatchObject({ code: 'keeping_is_off' });
    await gateway.app.get(RetentionSweep, { strict: false }).run();
    await expect(openai.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(openai.conversations.retrieve(conversation.id)).rejects.toMatchObject({ status: 404 });
    await gateway.app.get(ExpirySweep, { strict: false }).run();

    await change({ retentionResponseDays: 60 });
    const kept = await eventually(async () => {
      const next = await openai.responses.create({ model: MODEL, input: 'Hi' });
      return openai.responses.retrieve(next.id);
    });
    expect((await retained())['responses']?.projects).toMatchObject([{ projectId: project.id, days: 60 }]);
    await gateway.app.get(RetentionSweep, { strict: false }).run();
    await expect(openai.responses.retrieve(kept.id)).resolves.toMatchObject({ id: kept.id });
  });
});
