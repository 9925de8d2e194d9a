import { ROUTING_HEADERS, type RoutingHeaders } from '@app/shared';
import type { Preferences, Ranking } from '../planning/routing-snapshot.js';
import { type KnownVendors, readPreferences } from './preferences.js';
import { listed, readNumber, readTexts } from './wish-values.js';

/** Body members that speak of routing, in OpenRouter's vocabulary; vendors do not get to see them. */
export const WISH_MEMBERS = ['models', 'provider'] as const;

/** What one request asks of its routing. */
export interface Wishes {
  /** To fall back on, behind the model asked for. */
  readonly models: readonly string[];
  readonly preferences: Preferences | null;
  /** Instead of the policy's. */
  readonly ranking: Ranking | null;
  /** @see AskedProvider.acrossModels */
  readonly acrossModels: boolean;
  readonly maxAttempts: number | null;
  /** For the whole call, in ms. */
  readonly timeoutMs: number | null;
}

const MOST_ATTEMPTS = 10;
const MOST_MODELS = 20;
const SHORTEST_MS = 100;
const LONGEST_MS = 3_600_000;

/**
 * Reads body and headers, which rule over the body. Null when they ask for nothing, which is nearly always.
 *
 * @throws InvalidRequestError (400) naming the member or header that is wrong
 */
export function readWishes(
  body: Readonly<Record<string, unknown>>,
  headers: RoutingHeaders | null,
  vendors: KnownVendors,
): Wishes | null {
  const { models, provider } = body;
  if ((models ?? provider ?? headers) === null || (models ?? provider ?? headers) === undefined) {
    return null;
  }
  const asked = readPreferences(headers?.provider ?? provider, headers?.provider !== undefined, vendors);
  const others = headers?.models === undefined ? readTexts(models, 'models', MOST_MODELS) : modelsIn(headers);
  const maxAttempts = readNumber(headers?.maxAttempts, ROUTING_HEADERS.maxAttempts, [1, MOST_ATTEMPTS]);
  const timeoutMs = headers && readTimeout(headers);
  if (others.length === 0 && (asked ?? maxAttempts ?? timeoutMs) === null) {
    return null; // labels are no wishes, nor is an empty list
  }
  return {
    models: others,
    preferences: asked?.preferences ?? null,
    ranking: asked?.ranking ?? null,
    acrossModels: asked?.acrossModels ?? false,
    maxAttempts,
    timeoutMs,
  };
}

/** Whether a call may go elsewhere by them than to the model that it asks for. */
export function isChoice(wishes: Wishes | null): boolean {
  return wishes !== null && (wishes.models.length > 0 || wishes.preferences !== null);
}

/** For the whole call, in ms; null when there is no such header. @throws InvalidRequestError (400) */
export function readTimeout({ timeoutMs }: RoutingHeaders): number | null {
  return readNumber(timeoutMs, ROUTING_HEADERS.timeoutMs, [SHORTEST_MS, LONGEST_MS]);
}

/** The models that the headers name, in their order. @throws InvalidRequestError (400) */
export function modelsIn({ models }: RoutingHeaders): readonly string[] {
  return readTexts(listed(models), ROUTING_HEADERS.models, MOST_MODELS);
}
