import type { TaskAnswer, TaskClient, TaskRequest, TaskVendor } from '../domain/task.js';

/** What is to be judged. */
export interface ModerationRequest extends TaskRequest {
  /** Each gets a verdict of its own. */
  readonly inputs: readonly ModerationInput[];
}

export interface ModerationInput {
  readonly text: string;
  /** Pictures and whatever else is judged together with the text, as the caller sent it. */
  readonly others: readonly unknown[];
}

export interface ModerationAnswer extends TaskAnswer {
  /** In the order of the inputs. */
  readonly verdicts: readonly Verdict[];
}

export interface Verdict {
  readonly flagged: boolean;
  /** By category, which are each vendor's own. */
  readonly categories: Readonly<Record<string, unknown>>;
  readonly scores: Readonly<Record<string, unknown>>;
}

export type ModerationClient = TaskClient<ModerationRequest, ModerationAnswer>;
export type ModerationVendor = TaskVendor<ModerationRequest, ModerationAnswer>;
