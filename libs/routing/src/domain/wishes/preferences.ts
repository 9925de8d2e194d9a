import type { ProviderRegistry } from '@app/providers';
import { InvalidRequestError, isObject, nanoUsdOf } from '@app/shared';
import { nearVendors } from '../near-vendors.js';
import type { Preferences, Ranking } from '../planning/routing-snapshot.js';
import { readObject, readTexts } from './wish-values.js';

const SORTS: Readonly<Record<string, Ranking>> = {
  price: 'cheapest',
  latency: 'latency',
  throughput: 'throughput',
};
const PARTITIONS = ['model', 'none'];
const PRICES = ['prompt', 'completion', 'request'] as const;
const KNOWN = new Set([
  'order',
  'only',
  'ignore',
  'allow_fallbacks',
  'sort',
  'max_price',
  'require_parameters',
]);
const SORT_MEMBERS = new Set(['by', 'partition']);
const MOST_VENDORS = 100;

/** The vendors that can be named. */
export type KnownVendors = Pick<ProviderRegistry, 'get' | 'all'>;

/** What `provider` asks for. */
export interface AskedProvider {
  readonly preferences: Preferences;
  readonly ranking: Ranking | null;
  /** Sort the targets of all models that are asked for as one list; else those of the first come first, whatever the sort. */
  readonly acrossModels: boolean;
}

/**
 * Reads `provider` as OpenRouter defines it: https://openrouter.ai/docs/features/provider-routing. What of it this gateway
 * cannot promise is refused, not ignored.
 *
 * @param isHeader it is JSON in a header
 * @throws InvalidRequestError (400) naming the member
 */
export function readPreferences(
  value: unknown,
  isHeader: boolean,
  known: KnownVendors,
): AskedProvider | null {
  const where = isHeader ? 'x-llmhub-provider' : 'provider';
  if (value === undefined || value === null) {
    return null;
  }
  const asked = typeof value === 'string' && isHeader ? readObject(value, where) : value;
  if (!isObject(asked)) {
    throw new InvalidRequestError(`'${where}' must be an object such as {"order": ["openai"]}.`, where);
  }
  assertMembers(asked, KNOWN, where);
  return { preferences: preferencesOf(asked, where, known), ...sortOf(asked['sort'], `${where}.sort`) };
}

function assertMembers(
  asked: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  where: string,
): void {
  for (const member of Object.keys(asked)) {
    if (!known.has(member)) {
      const param = `${where}.${member.slice(0, 80)}`;
      throw new InvalidRequestError(`'${param}' is not known here. Use ${[...known].join(', ')}.`, param);
    }
  }
}

function preferencesOf(
  asked: Readonly<Record<string, unknown>>,
  where: string,
  known: KnownVendors,
): Preferences {
  const vendors = (member: string): string[] => {
    const names = readTexts(asked[member], `${where}.${member}`, MOST_VENDORS);
    return names.map(name => vendorNamed(name, `${where}.${member}`, known));
  };
  const flag = (member: string, usual: boolean): boolean =>
    readFlag(asked[member] ?? usual, `${where}.${member}`);
  const [maxPrompt = null, maxCompletion = null, maxRequest = null] = maxPrices(asked['max_price'], where);
  return {
    order: vendors('order'),
    strictOrder: !flag('allow_fallbacks', true),
    only: asked['only'] === undefined || asked['only'] === null ? null : vendors('only'),
    ignore: vendors('ignore'),
    maxPrompt,
    maxCompletion,
    maxRequest,
    requireParameters: flag('require_parameters', false),
  };
}

/** Its id. Who is misspelt in `ignore` would be asked, and who is in `only` keep all others out. */
function vendorNamed(name: string, where: string, known: KnownVendors): string {
  const vendor = known.get(name.toLowerCase());
  if (vendor) {
    return vendor.id;
  }
  const ids = known.all.map(({ id }) => id);
  const near = nearVendors(name, ids);
  const hint = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
  throw new InvalidRequestError(
    `'${where}' names '${name.slice(0, 80)}', which is no vendor here.${hint} The vendors here are ${ids.join(', ')}.`,
    where,
  );
}

/** @returns of each of `PRICES`, in nano-USD; OpenRouter tells US dollars, for a million tokens or for a request */
function maxPrices(value: unknown, where: string): (number | null)[] {
  const param = `${where}.max_price`;
  const prices = value ?? {};
  if (
    !isObject(prices) ||
    Object.keys(prices).some(name => !PRICES.includes(name as (typeof PRICES)[number]))
  ) {
    throw new InvalidRequestError(
      `'${param}' must be an object of ${PRICES.join(', ')} in US dollars.`,
      param,
    );
  }
  return PRICES.map(name => {
    const told = prices[name] ?? null;
    const price = typeof told === 'string' && told.trim() !== '' ? Number(told) : told;
    if (price === null || (typeof price === 'number' && price >= 0 && Number.isFinite(price))) {
      return price && nanoUsdOf(price);
    }
    throw new InvalidRequestError(`'${param}.${name}' must be a number of US dollars.`, `${param}.${name}`);
  });
}

function readFlag(value: unknown, where: string): boolean {
  if (typeof value !== 'boolean') {
    throw new InvalidRequestError(`'${where}' must be true or false.`, where);
  }
  return value;
}

/** A word, or an object that says, too, whether the models stay apart. */
function sortOf(sort: unknown, where: string): Omit<AskedProvider, 'preferences'> {
  if (!isObject(sort)) {
    return { ranking: rankingOf(sort, where, ` or {"by": "price"}`), acrossModels: false };
  }
  assertMembers(sort, SORT_MEMBERS, where);
  const { by, partition = null } = sort;
  if (partition !== null && !PARTITIONS.includes(partition as string)) {
    const param = `${where}.partition`;
    throw new InvalidRequestError(`'${param}' must be one of ${PARTITIONS.join(', ')}.`, param);
  }
  return { ranking: rankingOf(by, `${where}.by`), acrossModels: partition === 'none' };
}

function rankingOf(sort: unknown, where: string, orElse = ''): Ranking | null {
  if (sort === undefined || sort === null) {
    return null;
  }
  const ranking = typeof sort === 'string' && Object.hasOwn(SORTS, sort) ? SORTS[sort] : undefined;
  if (!ranking) {
    const words = Object.keys(SORTS).join(', ');
    throw new InvalidRequestError(`'${where}' must be one of ${words}${orElse}.`, where);
  }
  return ranking;
}
