import { CATALOGUE_VERSION } from './catalogue-version.js';
import { findListed, type ListedModel } from './listed-model.js';
import type { Price } from './price.js';
import type { Override } from './price-overrides.js';

/** Of one vendor. Callers may invent model names; a full cache starts anew. */
const MAX_CACHED = 2000;
/** How LiteLLM's price file spells our vendors. */
const LITELLM_NAMES: Readonly<Record<string, readonly string[]>> = {
  'azure-openai': ['azure'],
  cohere: ['cohere_chat'],
  fireworks: ['fireworks_ai'],
  google: ['gemini'],
  nvidia: ['nvidia_nim'],
  together: ['together_ai'],
};

interface KnownModel {
  readonly override: Override | null;
  readonly listed: ListedModel | null;
}

/** The operator's own prices in front of the bundled list: all that decides what a call costs. It never changes. */
export class PriceList {
  /**
   * Names both: `0.1.8` is the bundled list of that release alone, `0.1.8+3` has the operator's list number 3 in front of
   * it. At most 64 characters.
   */
  readonly version: string;
  /** By vendor and model. Names are not joined into one key: that costs a look-up as much as all the rest. */
  private readonly known = new Map<string, Map<string, KnownModel>>();

  /** @param number of the operator's list; null when it has none */
  constructor(
    private readonly overrides: ReadonlyMap<string, Override> = new Map(),
    number: number | null = null,
  ) {
    this.version = number === null ? CATALOGUE_VERSION : `${CATALOGUE_VERSION}+${number}`;
  }

  /**
   * @param vendor vendor id, e.g. `anthropic`
   * @param model the vendor's own model name
   * @param at the moment whose price counts, in ms since 1970
   * @returns null when the price is not known, which is not the same as free
   */
  priceOf(vendor: string, model: string, at: number = Date.now()): Price | null {
    const { override, listed } = this.lookUp(vendor, model);
    return override?.price ?? listed?.priceAt(at) ?? null;
  }

  /** Whether that price is the operator's own. */
  isOwnPrice(vendor: string, model: string): boolean {
    return Boolean(this.lookUp(vendor, model).override?.price);
  }

  /** Context window in tokens, null when not known. */
  contextOf(vendor: string, model: string): number | null {
    const { override, listed } = this.lookUp(vendor, model);
    return override?.contextTokens ?? listed?.contextTokens ?? null;
  }

  private lookUp(vendor: string, model: string): KnownModel {
    let models = this.known.get(vendor);
    if (!models) {
      models = new Map();
      this.known.set(vendor, models);
    }
    let found = models.get(model);
    if (!found) {
      const name = model.trim().replace(/^models\//, '');
      found = { override: this.overrideOf(vendor, name.toLowerCase()), listed: findListed(vendor, name) };
      if (models.size >= MAX_CACHED) {
        models.clear();
      }
      models.set(model, found);
    }
    return found;
  }

  private overrideOf(vendor: string, model: string): Override | null {
    const names = [vendor, ...(LITELLM_NAMES[vendor] ?? [])];
    for (const name of names) {
      const prefixed = this.overrides.get(`${name}/${model}`);
      if (prefixed) {
        return prefixed;
      }
    }
    const bare = this.overrides.get(model);
    return bare && (bare.vendor === null || names.includes(bare.vendor)) ? bare : null;
  }
}
