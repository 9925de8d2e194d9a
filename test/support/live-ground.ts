import { UsageRecorder } from '@app/analytics';
import { GoogleGenAI } from '@google/genai';
import { LiveClient } from '../../apps/simulator/test/support/live-client.js';
import { MODEL } from '../../apps/simulator/test/support/realtime-events.js';
import type { UsageView } from '../../libs/analytics/src/api/usage.dto.js';
import { eventually } from './eventually.js';
import { startGateway, type TestGateway } from './gateway.js';

/** Status of a session's own record; its answers have others. */
const SWITCHING = 101;

/** A gateway of a spec's own, with a project for each test, and the sessions of that. */
export class LiveGround {
  gateway!: TestGateway;
  projectId = '';
  apiKey = '';
  private clients: LiveClient[] = [];

  constructor(env: Parameters<typeof startGateway>[0] = {}) {
    beforeAll(async () => {
      this.gateway = await startGateway(env);
    });
    beforeEach(async () => {
      this.gateway.simulator.reset();
      await this.newProject({});
    });
    afterEach(async () => {
      await Promise.all(this.clients.splice(0).map(client => client.close()));
    });
    afterAll(() => this.gateway.stop());
  }

  /** From then on all is for this one. */
  async newProject(settings: object): Promise<void> {
    const { status, body } = await this.gateway.admin<{ id: string; apiKey: string }>(
      'POST',
      '/admin/projects',
      {
        name: 'p',
        ...settings,
      },
    );
    expect({ status, body }).toMatchObject({ status: 201 });
    this.projectId = body.id;
    this.apiKey = body.apiKey;
  }

  /** @param begin what is said first @throws Error that tells the HTTP status when it is refused */
  async open(...begin: readonly object[]): Promise<LiveClient> {
    return this.openAt(`/v1/realtime?model=${MODEL}`, ...begin);
  }

  async openAt(at: string, ...begin: readonly object[]): Promise<LiveClient> {
    const headers = { authorization: `Bearer ${this.apiKey}` };
    const client = await LiveClient.open(this.gateway.url + at, { headers });
    this.clients.push(client);
    client.send(...begin);
    return client;
  }

  /** Google's own client, with the project's key. */
  google(): GoogleGenAI {
    return new GoogleGenAI({ apiKey: this.apiKey, httpOptions: { baseUrl: this.gateway.url } });
  }

  /** What the project's answers cost, oldest first, once there are so many. */
  async answers(count: number): Promise<UsageView[]> {
    return this.records(count, record => record.status !== SWITCHING);
  }

  /** The record of the one session that was opened. */
  async session(): Promise<UsageView | undefined> {
    return (await this.records(1, ({ status }) => status === SWITCHING))[0];
  }

  private records(count: number, fits: (record: UsageView) => boolean): Promise<UsageView[]> {
    return eventually(async () => {
      await this.gateway.app.get(UsageRecorder).flush();
      const { body } = await this.gateway.admin<{ data: UsageView[] }>(
        'GET',
        `/admin/usage?projectId=${this.projectId}`,
      );
      const found = body.data.filter(fits);
      expect(found).toHaveLength(count);
      return found.toReversed();
    });
  }
}
