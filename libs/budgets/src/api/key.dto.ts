import { PickType } from '@nestjs/swagger';
import { Budget } from '../domain/budget.entity.js';
import type { KeyBudget, KeyStanding } from '../domain/key-standing.service.js';
import { BudgetSpending, toSpending } from './budgets.dto.js';

const SHOWN = ['id', 'name', 'limitUsd', 'period', 'rolling', 'timeZone', 'hard', 'each', 'model'] as const;

/** A budget that counts for calls of the key. */
export class KeyBudgetView extends PickType(Budget, SHOWN) {
  /** Null where each end user, tag or model has an account of its own. */
  readonly spending!: BudgetSpending | null;
}

/** Null: not limited. */
export class KeyLimits {
  /**
   * Requests in any minute.
   *
   * @example 60
   */
  readonly requestsPerMinute!: number | null;

  /**
   * Calls that may be open at the same time.
   *
   * @example 5
   */
  readonly concurrentCalls!: number | null;

  /**
   * Tokens in any minute, input and output.
   *
   * @example 100000
   */
  readonly tokensPerMinute!: number | null;
}

export class KeyView {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly id!: string;

  /** @example webshop */
  readonly name!: string;

  /**
   * Begin and end of the key.
   *
   * @example pk_1f0c…9a2e
   */
  readonly masked!: string;

  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly projectId!: string;

  /** @example demo */
  readonly projectName!: string;

  /**
   * When the key stops working; null means never.
   *
   * @example 2099-01-31T12:00:00Z
   */
  readonly expiresAt!: string | null;

  /**
   * Paths that may be called; null means all.
   *
   * @example ["/v1/chat/completions"]
   */
  readonly allowedEndpoints!: string[] | null;

  /**
   * Models that may be used; null means all.
   *
   * @example ["openai/*"]
   */
  readonly allowedModels!: string[] | null;

  /**
   * Vendors that may be used; null means all that the project may use.
   *
   * @example ["openai"]
   */
  readonly allowedVendors!: string[] | null;

  /** Of the key itself. */
  readonly limits!: KeyLimits;

  /** Of the project, which hold for all its keys together. */
  readonly projectLimits!: KeyLimits;

  /** What counts for calls of the key. */
  readonly budgets!: KeyBudgetView[];
}

export function toKeyView({ project, apiKey, budgets }: KeyStanding): KeyView {
  const { id, name, masked, expiresAt, allowedEndpoints, allowedModels, allowedVendors } = apiKey;
  return {
    id,
    name,
    masked,
    projectId: project.id,
    projectName: project.name,
    expiresAt,
    allowedEndpoints,
    allowedModels,
    allowedVendors,
    limits: limitsOf(apiKey),
    projectLimits: limitsOf(project),
    budgets: budgets.map(toBudgetView),
  };
}

function limitsOf({ requestsPerMinute, concurrentCalls, tokensPerMinute }: KeyLimits): KeyLimits {
  return { requestsPerMinute, concurrentCalls, tokensPerMinute };
}

function toBudgetView({ budget, spending }: KeyBudget): KeyBudgetView {
  const { id, name, limitUsd, period, rolling, timeZone, hard, each, model } = budget;
  return {
    id,
    name,
    limitUsd,
    period,
    rolling,
    timeZone,
    hard,
    each,
    model,
    spending: spending && toSpending(budget, spending),
  };
}
