import { PickType } from '@nestjs/swagger';
import { ApiKey, Project } from '@app/projects';
import { Budget } from '../domain/budget.entity.js';
import type { KeyStanding } from '../domain/key-standing.service.js';
import { BudgetSpending, toSpending } from './budgets.dto.js';

const OF_BUDGET = [
  'id',
  'name',
  'limitUsd',
  'period',
  'rolling',
  'timeZone',
  'hard',
  'each',
  'model',
] as const;

const OF_KEY = [
  'id',
  'name',
  'masked',
  'projectId',
  'expiresAt',
  'allowedEndpoints',
  'allowedModels',
  'allowedVendors',
] as const;
const LIMITS = ['requestsPerMinute', 'concurrentCalls', 'tokensPerMinute', 'fileLimitBytes'] as const;

/** A budget that counts for calls of the key. */
export class KeyBudgetView extends PickType(Budget, OF_BUDGET) {
  /** Null where each end user, tag or model has an account of its own. */
  readonly spending!: BudgetSpending | null;
}

/** Of the key itself. */
export class KeyLimits extends PickType(ApiKey, LIMITS) {}

/** Of the project, which hold for all its keys together. */
export class ProjectLimits extends PickType(Project, LIMITS) {}

export class KeyView extends PickType(ApiKey, OF_KEY) {
  /** @example demo */
  readonly projectName!: string;

  readonly limits!: KeyLimits;

  readonly projectLimits!: ProjectLimits;

  /** What counts for calls of the key. */
  readonly budgets!: KeyBudgetView[];
}

export function toKeyView({ project, apiKey, budgets }: KeyStanding): KeyView {
  return {
    ...picked(apiKey, OF_KEY),
    projectName: project.name,
    limits: picked(apiKey, LIMITS),
    projectLimits: picked(project, LIMITS),
    budgets: budgets.map(({ budget, spending }) => ({
      ...picked(budget, OF_BUDGET),
      spending: spending && toSpending(budget, spending),
    })),
  };
}

function picked<Entity, Name extends keyof Entity>(
  entity: Entity,
  names: readonly Name[],
): Pick<Entity, Name> {
  return Object.fromEntries(names.map(name => [name, entity[name]])) as Pick<Entity, Name>;
}
