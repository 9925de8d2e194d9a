import type { FinishReason } from './finish-reason.js';
import type { Usage } from './usage.js';

/** What is asked of a model that makes pictures: new ones, changed ones, or others like one. */
export const IMAGE_TASKS = ['generations', 'edits', 'variations'] as const;
export type ImageTask = (typeof IMAGE_TASKS)[number];

export interface ImageBytes {
  /** Such as `image/png`. */
  readonly mime: string;
  readonly base64: string;
}

/** A request for pictures that has to be said in another dialect than OpenAI's. */
export interface ImageRequest {
  readonly task: ImageTask;
  /** Empty for variations only. */
  readonly prompt: string;
  /** The pictures to start from. */
  readonly images: readonly ImageBytes[];
  /** Pixels; null leaves it to the model. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** All other fields that say something, by their wire names. */
  readonly others: Readonly<Record<string, unknown>>;
}

export interface ImageAnswer {
  readonly id: string;
  /** Model that answered; empty when the vendor does not say. */
  readonly model: string;
  readonly images: readonly ImageBytes[];
  readonly usage: Usage | null;
  readonly finish: FinishReason;
  /** The vendor's own word for the finish. */
  readonly native: string | null;
}
