import { Injectable } from '@nestjs/common';
import type { ModelTraits } from '@app/dialects';
import { Config } from '@app/shared';
import type { Vendor } from '../vendor.js';
import { KNOWN_MODELS } from './known-models.js';
import { type ModelOverride, readModelOverrides } from './model-overrides.js';
import { modelPattern } from './model-pattern.js';

const rows = KNOWN_MODELS.map(([models, traits]) => ({ models: modelPattern(models), traits }));
const none: ModelTraits = {};

/** What models can do: our table, and field by field before it what the operator's file says. */
@Injectable()
export class ModelBook {
  private readonly overrides: readonly ModelOverride[];

  /** @throws ConfigError when the operator's file is wrong */
  constructor({ modelsFile }: Config) {
    this.overrides = modelsFile === undefined ? [] : readModelOverrides(modelsFile);
  }

  /**
   * A hundred patterns are tried: remember the result.
   *
   * @param model the vendor's own name of it
   */
  traitsOf(vendor: Vendor, model: string): ModelTraits {
    const name = model.replace(/^models\//, '');
    const own = `${vendor.id}/${name}`;
    const traits = find(rows, own) ?? find(rows, vendor.originOf?.(name) ?? '') ?? none;
    const override = find(this.overrides, own);
    return override ? { ...traits, ...override } : traits;
  }
}

function find(list: readonly ModelOverride[], name: string): ModelTraits | undefined {
  return list.find(({ models }) => models.test(name))?.traits;
}
