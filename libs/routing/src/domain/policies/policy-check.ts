import { Injectable } from '@nestjs/common';
import { InvalidRequestError } from '@app/shared';
import { ModelRouter, type Route } from '../model-router.js';
import { UnknownModelError } from '../routing.errors.js';
import { endingOf } from '../wishes/endings.js';
import type { PolicyDefinition } from './policy-definition.js';
import type { PolicyRule } from './policy-rule.entity.js';

/** A model, and the field that names it. */
type NamedModel = readonly [field: string, model: string];

/** What the fields of a policy say of each other, of the vendors and of their project. */
@Injectable()
export class PolicyCheck {
  constructor(private readonly router: ModelRouter) {}

  /**
   * @param allowedVendors of the project; null when all are
   * @throws InvalidRequestError (400) naming the first field that is wrong
   */
  assertSound(policy: PolicyDefinition, allowedVendors: readonly string[] | null): void {
    const { targets, rules, weights, fallbacks } = policy;
    const models = targets.map(({ model }) => model);
    const lists = [
      models.map((model, index): NamedModel => [`targets.${index}.model`, model]),
      ...Object.entries(fallbacks).map(([reason, list]: [string, readonly string[]]) =>
        list.map((model, index): NamedModel => [`fallbacks.${reason}.${index}`, model]),
      ),
    ];
    for (const list of lists) {
      this.assertModels(list, allowedVendors);
    }
    for (const [index, rule] of rules.entries()) {
      assertRule(rule, `rules.${index}`, models);
    }
    if (Object.values(weights).every(weight => weight === 0)) {
      throw new InvalidRequestError('weights: give one of them at least more than 0.', 'weights');
    }
  }

  private assertModels(models: readonly NamedModel[], allowedVendors: readonly string[] | null): void {
    const names = new Map<string, string>();
    for (const [field, model] of models) {
      const { target, vendor } = this.resolve(field, model);
      assertNoEnding(field, model, vendor);
      if (allowedVendors && !allowedVendors.includes(target.vendor)) {
        throw new InvalidRequestError(
          `${field}: the project's allowedVendors do not hold ${target.vendor}, or no longer. Name a model of ` +
            `${allowedVendors.join(', ')} instead (a PATCH may do so along with what else it changes), or add ` +
            `${target.vendor} to them.`,
          field,
        );
      }
      const real = `${target.vendor}/${target.model}`;
      const other = names.get(real);
      if (other !== undefined) {
        throw new InvalidRequestError(
          `${field}: '${model}' is the same model as ${other}. Name it once.`,
          field,
        );
      }
      names.set(real, field);
    }
  }

  private resolve(field: string, model: string): Route {
    try {
      return this.router.resolve(model);
    } catch (error) {
      if (error instanceof UnknownModelError) {
        throw new InvalidRequestError(`${field}: ${error.reason}`, field);
      }
      throw error;
    }
  }
}

/** Callers put it behind the name of the policy; a vendor that routes itself has its own. */
function assertNoEnding(field: string, model: string, { routesItself }: Route['vendor']): void {
  const ending = routesItself ? null : endingOf(model);
  if (ending !== null) {
    throw new InvalidRequestError(
      `${field}: '${ending}' is for one request. Name the model without it, and choose a strategy such as cheapest or fastest.`,
      field,
    );
  }
}

function assertRule({ when, targets }: PolicyRule, field: string, models: readonly string[]): void {
  if (Object.values(when).every(condition => condition === null)) {
    throw new InvalidRequestError(
      `${field}.when: name a condition. What holds for all calls is the policy itself.`,
      `${field}.when`,
    );
  }
  const { minInputTokens, maxInputTokens } = when;
  if ((minInputTokens ?? 0) > (maxInputTokens ?? Infinity)) {
    throw new InvalidRequestError(
      `${field}.when.minInputTokens: no call has more than ${minInputTokens} and less than ${maxInputTokens} tokens.`,
      `${field}.when.minInputTokens`,
    );
  }
  const stray = targets.findIndex(model => !models.includes(model));
  if (stray >= 0) {
    throw new InvalidRequestError(
      `${field}.targets.${stray}: '${targets[stray]}' is none of the policy's targets. Choose among ${models.join(', ')}.`,
      `${field}.targets.${stray}`,
    );
  }
}
