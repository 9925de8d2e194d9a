import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UsageView } from '../../libs/analytics/src/api/usage.dto.js';
import { eventually } from '../support/eventually.js';
import type { TestGateway } from '../support/gateway.js';
import { usageOf } from '../support/usage.js';
import type { Ask, Client, Said, Sdk, Way } from './client.js';
import type { Column } from './vendors.js';

export const WAYS: readonly Way[] = ['whole', 'streamed'];

/** The latest call of a project at a gateway, seen from its server: SDKs show no headers of streams. */
export class LatestCall {
  private response: ServerResponse | null = null;

  constructor(gateway: TestGateway) {
    gateway.app.getHttpServer().on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (!request.url?.startsWith('/admin')) {
        this.response = response;
      }
    });
  }

  header(name: string): string | undefined {
    return this.response?.getHeader(name)?.toString();
  }
}

/** One SDK in front of one vendor. */
export class Cell<Turn> {
  readonly client: Client<Turn>;

  constructor(
    readonly gateway: TestGateway,
    private readonly latest: LatestCall,
    readonly sdk: Sdk<Turn>,
    readonly column: Column,
  ) {
    this.client = sdk.connect(gateway, gateway.projectKey);
  }

  get model(): string {
    return `${this.column.vendor}/${this.column.model}`;
  }

  get thinker(): string {
    return `${this.column.vendor}/${this.column.thinker}`;
  }

  lacks(what: Column['lacks'][number]): boolean {
    return this.column.lacks.includes(what);
  }

  /** An answer whose usage is right: as the vendor billed it, to its caller and in the books. */
  async answer(ask: Omit<Ask<Turn>, 'model'> & { model?: string }, way: Way): Promise<Said<Turn>> {
    const { gateway, column } = this;
    gateway.simulator.reset();
    const model = ask.model ?? this.model;
    const said = await this.client.ask({ ...ask, model }, way);
    const sold = gateway.simulator.bill()[column.vendor]?.[model.slice(column.vendor.length + 1)];
    const { input = -1, output = -1, reasoning = -1 } = sold ?? {};
    const told = this.lacks('reasoning-count') ? 0 : reasoning;
    expect(said.usage).toEqual({ input, output, reasoning: told });
    expect(await this.record()).toMatchObject({
      provider: column.vendor,
      modelAsked: model,
      outcome: 'completed',
      stream: way === 'streamed',
      estimated: false,
      inputTokens: input,
      outputTokens: output,
      reasoningTokens: told,
    });
    return said;
  }

  async failure(ask: Omit<Ask<Turn>, 'model'>, way: Way): Promise<unknown> {
    return this.client.ask({ ...ask, model: this.model }, way).then(
      said => Promise.reject(new Error(`It answered: ${JSON.stringify(said)}`)),
      (error: unknown) => error,
    );
  }

  /** What the vendor was sent last. */
  sent(): string {
    return JSON.stringify(this.gateway.simulator.requests().at(-1)?.body);
  }

  /** What the latest answer says was lost. */
  losses(): string | undefined {
    return this.latest.header('x-llmhub-warnings');
  }

  /** Of the latest call. */
  record(): Promise<UsageView> {
    return usageOf(this.gateway, this.latest.header('x-request-id') ?? null);
  }

  async untilIdle(): Promise<void> {
    await eventually(() => expect(this.gateway.simulator.active()).toBe(0));
  }
}
