import { Caching, MODEL, type Owner, type Said } from './caching.js';
import { Encoder } from './encoder.js';

/** Of a project whose questions may be asked in other words. */
export const ON = { cache: 'all', semanticCache: 'on', semanticCacheModel: 'encoder/tiny' };
export const ASKED = 'How do I reset my password?';
export const LIKE = 'How can I reset my password?';

type Record = Readonly<globalThis.Record<string, unknown>>;

/** A gateway with a cache, and a vendor that makes vectors for it. */
export class SemanticStory {
  private constructor(
    readonly encoder: Encoder,
    readonly caching: Caching,
  ) {}

  static async start(env: globalThis.Record<string, string> = {}): Promise<SemanticStory> {
    const encoder = await Encoder.start();
    return new SemanticStory(encoder, await Caching.start({ ...encoder.env, ...env }));
  }

  async stop(): Promise<void> {
    await this.caching.gateway.stop();
    await this.encoder.close();
  }

  /** @param more members of the body. */
  ask(owner: Pick<Owner, 'apiKey'>, content: string, more: object = {}, headers: object = {}): Promise<Said> {
    return this.caching.ask(owner, { model: MODEL, messages: [user(content)], ...more }, headers);
  }

  async report({ id }: Pick<Owner, 'id'>): Promise<Record> {
    const path = `/admin/projects/${id}/cache/semantic`;
    return (await this.caching.gateway.admin<Record>('GET', path)).body;
  }

  /** Usage records of the vectors that were made for a project. */
  async embeddingsOf({ id }: Pick<Owner, 'id'>): Promise<Record[]> {
    const path = `/admin/usage?limit=100&projectId=${id}`;
    const { body } = await this.caching.gateway.admin<{ data: Record[] }>('GET', path);
    return body.data.filter(record => record['endpoint'] === '/v1/embeddings');
  }
}

export function user(content: unknown): object {
  return { role: 'user', content };
}
