import type { TaskAnswer, TaskClient, TaskRequest, TaskVendor } from '../domain/task.js';

/** Documents to be put in the order of what they have to say on a query. */
export interface RerankRequest extends TaskRequest {
  readonly query: string;
  /** Texts; objects are a vendor's own (fields, images), and reach it as they are. */
  readonly documents: readonly (string | Readonly<Record<string, unknown>>)[];
  /** How many of the best the caller wants; absent = all. */
  readonly top?: number;
  /** The caller wants the documents themselves back, too. */
  readonly withDocuments: boolean;
}

export interface RerankAnswer extends TaskAnswer {
  /** The best first. */
  readonly results: readonly RankedDocument[];
}

export interface RankedDocument {
  /** Its place in the request. */
  readonly index: number;
  /** The higher, the more relevant; vendors have scales of their own. */
  readonly score: number;
}

export type RerankClient = TaskClient<RerankRequest, RerankAnswer>;
export type RerankVendor = TaskVendor<RerankRequest, RerankAnswer>;
