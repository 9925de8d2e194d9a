import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { UsageView } from '../../libs/analytics/src/api/usage.dto.js';
import { eventually } from '../support/eventually.js';
import type { TestGateway } from '../support/gateway.js';
import { usageOf } from '../support/usage.js';
import type { Ask, Client, Said, Sdk, Way } from './client.js';
import type { Column } from './vendors.js';

export const WAYS: readonly Way[] = ['whole', 'streamed'];

/** What `fetch` tells when an answer begins. */
interface Begun {
  readonly request: { readonly origin: string; readonly path: string };
  readonly response: { readonly headers: readonly Buffer[] };
}

const ANSWERS = 'undici:request:headers';

/** The headers of the latest answer to a project: SDKs show them for some answers only. */
export class LatestAnswer {
  private headers = new Map<string, string>();

  constructor(private readonly url: string) {
    subscribe(ANSWERS, this.note);
  }

  header(name: string): string | undefined {
    return this.headers.get(name);
  }

  close(): void {
    unsubscribe(ANSWERS, this.note);
  }

  private readonly note = (told: unknown): void => {
    const { request, response } = told as Begun;
    if (request.origin === this.url && !request.path.startsWith('/admin')) {
      const texts = response.headers.map(String);
      const names = texts.filter((_, index) => index % 2 === 0);
      this.headers = new Map(names.map((name, index) => [name.toLowerCase(), texts[2 * index + 1] ?? '']));
    }
  };
}

/** One SDK in front of one vendor. */
export class Cell<Turn> {
  readonly client: Client<Turn>;

  constructor(
    readonly gateway: TestGateway,
    private readonly latest: LatestAnswer,
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
    const record = await this.record();
    const { costNanoUsd } = record;
    const cost = costNanoUsd === null ? undefined : costNanoUsd / 1e9;
    expect(said.usage).toEqual({ input, output, reasoning: told, cost });
    expect(record).toMatchObject({
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
