import {
  embeddingClient,
  Losses,
  rerankClient,
  type TaskAnswer,
  type TaskRequest,
  type TaskVendor,
} from '@app/dialects';
import { catalog, type Vendor, vendorUrl } from '@app/providers';

type Body = Readonly<Record<string, unknown>>;

/** What is particular about one vendor that has tasks and no chat. */
export interface TaskVendorFacts {
  /** Variables that hold its key. */
  readonly keys: readonly string[];
  /** Bare names of models that are its own. */
  readonly models: readonly string[];
  readonly embeddings: TaskFacts;
  readonly rerank: TaskFacts;
}

interface TaskFacts {
  readonly url: string;
  /** Bodies as callers send them, and what the vendor gets; both without the model. */
  readonly requests: readonly {
    readonly says: Body;
    readonly gets: Body;
    readonly losses?: readonly string[];
  }[];
}

/** A vendor of the catalog, from what its documentation promises to what the gateway makes of it. */
export function describeTaskVendor(vendor: Vendor, facts: TaskVendorFacts): void {
  const { embeddings, rerank } = vendor.tasks ?? {};

  describe(`the vendor ${vendor.name}`, () => {
    it('is in the catalog, with a key, models and no chat', () => {
      expect(catalog).toContain(vendor);
      expect(vendor.apiKeyEnv).toEqual(facts.keys);
      expect(vendor.tasksOnly).toBe(true);
      for (const model of facts.models) {
        expect(catalog.find(({ models }) => models.some(pattern => pattern.test(model)))).toBe(vendor);
      }
    });

    it.each(facts.embeddings.requests)('makes vectors: %#', ({ says, gets, losses = [] }) => {
      expect(write(embeddings, embeddingClient.readRequest(says))).toEqual({
        url: facts.embeddings.url,
        body: { model: 'm', ...gets },
        losses,
      });
    });

    it.each(facts.rerank.requests)('ranks documents: %#', ({ says, gets, losses = [] }) => {
      expect(write(rerank, rerankClient.readRequest(says))).toEqual({
        url: facts.rerank.url,
        body: { model: 'm', ...gets },
        losses,
      });
    });
  });

  function write<Request extends TaskRequest>(
    task: TaskVendor<Request, TaskAnswer> | undefined,
    request: Request,
  ): object {
    const losses = new Losses();
    const body = task?.writeRequest(request, { vendor: vendor.id, model: 'm' }, losses);
    return {
      url: task && vendorUrl(vendor.baseUrl, task.path('m'), 'm'),
      body,
      losses: losses.list.map(({ action, field }) => `${action} ${field}`),
    };
  }
}
