import { Webhook } from 'standardwebhooks';
import { UsageRecorder } from '@app/analytics';
import { DATABASE, type Database } from '@app/shared';
import { AlertRounds } from '../libs/alerts/src/domain/alert-rounds.js';
import type { Alert, CreatedAlert } from '../libs/alerts/src/domain/alert.entity.js';
import { AlertStateRepository } from '../libs/alerts/src/domain/alert-state.repository.js';
import type { AlertStateView, AlertTest } from '../libs/alerts/src/api/alerts.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { aUsageRecord } from './support/usage-record.js';
import { WebhookReceiver } from './support/webhook-receiver.js';

const MODEL = 'openai/gpt-4.1-mini';

let gateway: TestGateway;
let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await WebhookReceiver.start();
  gateway = await startGateway({ AI_GATEWAY_EGRESS_ALLOW: '127.0.0.1' });
});
afterEach(async () => {
  await gateway?.stop();
  await receiver.stop();
});

async function make(settings: object): Promise<CreatedAlert> {
  const { status, body } = await gateway.admin<CreatedAlert>('POST', '/admin/alerts', {
    name: 'watch',
    url: receiver.url,
    ...settings,
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
}

async function round(): Promise<void> {
  await gateway.app.get(UsageRecorder).flush();
  await gateway.app.get(AlertRounds).run();
}

async function ask(): Promise<void> {
  const messages = [{ role: 'user', content: 'What is tea?' }];
  await (await gateway.chat({ model: MODEL, messages })).text();
}

const told = (): string[] => receiver.told.map(({ type, data }) => `${type} ${data['threshold']}`);

describe('an alert', () => {
  it('tells once that a budget has reached a part of its limit, signed, and once that it is below it again', async () => {
    const at = `/admin/projects/${gateway.projectId}/budgets`;
    const limit = { name: 'tea', limitUsd: 1e-9, period: 'total', hard: false };
    const budget = await gateway.admin<{ id: string }>('POST', at, limit);
    const { id, secret } = await make({ condition: 'budget', thresholds: [50, 100] });
    await round();
    expect(told()).toEqual([]);

    await ask();
    await round();
    await round();
    expect(told()).toEqual(['alert.firing 50', 'alert.firing 100']);
    for (const { headers, body } of receiver.received) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        data: { alertId: id, condition: 'budget', text: expect.stringContaining("Budget 'tea'") },
      });
    }
    const state = await gateway.admin<AlertStateView>('GET', `/admin/alerts/${id}/state`);
    expect(state.body).toMatchObject({ firing: [{ threshold: 50 }, { threshold: 100 }], due: [] });

    await gateway.admin('PATCH', `${at}/${budget.body.id}`, { limitUsd: 1000 });
    await round();
    await round();
    expect(told().slice(2).toSorted()).toEqual(['alert.resolved 100', 'alert.resolved 50']);
  });

  it('tells of calls that fail, and of a vendor that gets none any more', async () => {
    await make({ condition: 'error-rate', thresholds: [50], minCalls: 5, projectId: gateway.projectId });
    await make({ condition: 'vendor-down', thresholds: [1] });
    await round();
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    for (let call = 0; call < 6; call += 1) {
      await ask();
    }
    await round();

    expect(receiver.told.map(({ type, data }) => [type, data['condition'], data['value']])).toEqual(
      expect.arrayContaining([
        ['alert.firing', 'error-rate', 100],
        ['alert.firing', 'vendor-down', 1],
      ]),
    );
    expect(receiver.told).toHaveLength(2);
    expect(receiver.told.map(({ data }) => data['subject']).toSorted()).toEqual(
      [gateway.projectId, 'openai'].toSorted(),
    );
  });

  it('that its webhook does not take waits in the store, and is tried again', async () => {
    const { id } = await make({ condition: 'error-rate', thresholds: [1], minCalls: 1 });
    await round();
    receiver.status = 500;
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    await ask();
    await round();
    await round();

    expect(receiver.received).toHaveLength(1);
    const { body } = await gateway.admin<AlertStateView>('GET', `/admin/alerts/${id}/state`);
    expect(body.due).toMatchObject([{ type: 'firing', attempts: 1, failure: 'The receiver answered 500.' }]);

    receiver.status = 204;
    const states = gateway.app.get(AlertStateRepository);
    const state = await states.find(id);
    const due = state?.due.map(one => ({ ...one, nextAt: 0 })) ?? [];
    await states.put({ id, sightings: {}, firing: [], ...state, due, version: (state?.version ?? 0) + 1 });
    await round();
    expect(receiver.received).toHaveLength(2);
    const [first, second] = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(second).toBe(first);
  });

  it('of the spool is told although the store, of which it is about, is down', async () => {
    await make({ condition: 'spool', thresholds: [100] });
    await round();
    await gateway.app.get<Database>(DATABASE).close();
    await gateway.app.get(UsageRecorder).record(aUsageRecord());
    await gateway.app.get(AlertRounds).run();
    await gateway.app.get(AlertRounds).run();

    expect(told()).toEqual(['alert.firing 100']);
  });

  it('says to Slack what it says to people, and mentions nobody', async () => {
    const { id } = await make({
      name: 'a <!channel> & more',
      condition: 'spool',
      thresholds: [1],
      format: 'slack',
    });
    const { status, body } = await gateway.admin<AlertTest>('POST', `/admin/alerts/${id}/test`);

    expect({ status, body }).toEqual({ status: 200, body: { delivered: true, status: 204, failure: null } });
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({
      text: '[Test] a &lt;!channel&gt; &amp; more: this is only a test.',
    });
  });

  it('goes nowhere but where callers may, and says of a test that it did not arrive', async () => {
    const { id } = await make({ condition: 'spool', thresholds: [1], url: 'http://169.254.169.254/latest' });
    const { body } = await gateway.admin<AlertTest>('POST', `/admin/alerts/${id}/test`);
    expect(body).toEqual({
      delivered: false,
      status: null,
      failure: expect.stringContaining('EGRESS_ALLOW'),
    });

    const { body: changed } = await gateway.admin<Alert>('PATCH', `/admin/alerts/${id}`, {
      url: receiver.url,
    });
    expect(changed.maskedUrl).toBe(`${new URL(receiver.url).origin}/…a9f3`);
    receiver.status = 307;
    const redirected = await gateway.admin<AlertTest>('POST', `/admin/alerts/${id}/test`);
    expect(redirected.body).toMatchObject({ delivered: false });
  });

  it('shows neither URL nor secret again, and leaves its changes in the audit trail', async () => {
    const { id, secret } = await make({ condition: 'budget', thresholds: [80] });
    await gateway.admin('PATCH', `/admin/alerts/${id}`, { thresholds: [90], enabled: false });
    const shown = JSON.stringify((await gateway.admin('GET', `/admin/alerts/${id}`)).body);
    const list = JSON.stringify((await gateway.admin('GET', '/admin/alerts')).body);
    await gateway.admin('DELETE', `/admin/alerts/${id}`);
    const { body } = await gateway.admin<{ data: { action: string }[] }>('GET', `/admin/audit?target=${id}`);

    expect(body.data.map(({ action }) => action)).toEqual(['alert.delete', 'alert.update', 'alert.create']);
    for (const text of [shown, list, JSON.stringify(body)]) {
      expect(text).toContain(secret.slice(-4));
      expect(text).not.toContain(secret);
      expect(text).not.toContain('/hooks/');
    }
    expect((await gateway.admin('GET', `/admin/alerts/${id}`)).status).toBe(404);
  });

  it.each([
    ['thresholds', { thresholds: [] }],
    ['thresholds', { thresholds: [0] }],
    ['condition', { condition: 'weather' }],
    ['url', { url: 'ftp://example.com' }],
    ['url', { url: 'https://user:word@example.com' }],
    ['secret', { secret: 'short' }],
    ['windowMinutes', { windowMinutes: 61 }],
    ['projectId', { condition: 'spool', projectId: '01936f5a-7c1e-7a1b-8f00-0123456789ab' }],
  ])('is refused with the name of the field: %s', async (param, settings) => {
    const wrong = { name: 'watch', condition: 'budget', thresholds: [1], url: receiver.url, ...settings };
    const { status, body } = await gateway.admin<{ error: { param: string; message: string } }>(
      'POST',
      '/admin/alerts',
      wrong,
    );

    expect(status).toBe(400);
    expect(body.error.message).toContain(param);
  });

  it('needs its project: one that is unknown or deleted is refused', async () => {
    const statusFor = async (projectId: string): Promise<number> => {
      const settings = { name: 'watch', condition: 'budget', thresholds: [1], url: receiver.url, projectId };
      return (await gateway.admin('POST', '/admin/alerts', settings)).status;
    };
    await expect(statusFor('01936f5a-7c1e-7a1b-8f00-0123456789ab')).resolves.toBe(404);
    await gateway.admin('DELETE', `/admin/projects/${gateway.projectId}`);
    await expect(statusFor(gateway.projectId)).resolves.toBe(409);
  });
});
