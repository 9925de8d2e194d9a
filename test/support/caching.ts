import { Clock } from '@app/shared';
import { startGateway, type TestGateway } from './gateway.js';
import { holdClock } from './held-clock.js';

export const MODEL = 'openai/gpt-4.1-mini';

export interface Owner {
  readonly id: string;
  readonly apiKey: string;
}

export interface Said {
  readonly status: number;
  /** What is told of the cache. */
  readonly cache: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** A gateway whose projects keep answers, and a clock for them. */
export class Caching {
  private questions = 0;

  private constructor(
    readonly gateway: TestGateway,
    private readonly clock: ReturnType<typeof holdClock>,
  ) {}

  static async start(env: Parameters<typeof startGateway>[0] = {}): Promise<Caching> {
    const gateway = await startGateway(env);
    return new Caching(gateway, holdClock(gateway.app.get(Clock)));
  }

  /** Requests that vendors had. */
  get calls(): number {
    return this.gateway.simulator.requests().length;
  }

  pass(ms: number): void {
    this.clock.advance(ms);
  }

  async project(settings: object = { cache: 'all' }): Promise<Owner> {
    return this.create<Owner>('/admin/projects', { name: 'p', ...settings });
  }

  async key(projectId: string, scope: object = {}): Promise<{ readonly id: string; readonly key: string }> {
    return this.create(`/admin/projects/${projectId}/api-keys`, { name: 'k', ...scope });
  }

  async create<T>(path: string, body: object): Promise<T> {
    const answer = await this.gateway.admin<T>('POST', path, body);
    expect({ path, ...answer }).toMatchObject({ status: 201 });
    this.pass(1001); // what is known of it is looked up again
    return answer.body;
  }

  async change(path: string, body: object): Promise<void> {
    const answer = await this.gateway.admin('PATCH', path, body);
    expect({ path, ...answer }).toMatchObject({ status: 200 });
    this.pass(1001);
  }

  /** A chat that nobody asked before. */
  question(directives = '', model = MODEL): Record<string, unknown> {
    this.questions += 1;
    return { model, messages: [{ role: 'user', content: `question ${this.questions} ${directives}` }] };
  }

  async ask({ apiKey }: Pick<Owner, 'apiKey'>, body: object, headers: object = {}): Promise<Said> {
    const authorization = `Bearer ${apiKey}`;
    const response = await this.gateway.chat(body, { headers: { authorization, ...headers } });
    return {
      status: response.status,
      cache: response.headers.get('x-llmhub-cache'),
      headers: response.headers,
      text: await response.text().catch(() => 'cut'),
    };
  }

  /** What is told of the cache when the same is asked with these headers, one after another. */
  async told(owner: Owner, body: object, ...each: object[]): Promise<(string | null)[]> {
    const found = [];
    for (const headers of each) {
      found.push((await this.ask(owner, body, headers)).cache);
    }
    return found;
  }
}
