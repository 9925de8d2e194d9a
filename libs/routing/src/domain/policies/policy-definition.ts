import { plainToInstance } from 'class-transformer';
import { given, InvalidRequestError, isObject } from '@app/shared';
import { POLICY_OPTIONS, RoutingPolicy } from './routing-policy.entity.js';

/** What an administrator decides, and versions differ in. */
export type PolicyDefinition = Pick<RoutingPolicy, 'targets' | (typeof POLICY_OPTIONS)[number]>;

export type NewPolicy = Pick<RoutingPolicy, 'name' | 'targets'> & Partial<PolicyDefinition>;

/** A JSON merge patch (RFC 7386): null takes away. */
type Patch<T> = {
  readonly [Name in keyof T]?:
    | (NonNullable<T[Name]> extends readonly unknown[] | string | number | boolean ? T[Name] : Patch<T[Name]>)
    | null;
};

export type PolicyPatch = Patch<PolicyDefinition>;

/** A version of a policy as it is stored. */
export interface PolicyRecord extends Omit<
  RoutingPolicy,
  keyof PolicyDefinition | 'createdAt' | 'updatedAt'
> {
  /** JSON of a `PolicyDefinition`; options that are newer than it have their defaults. */
  readonly definition: string;
  /** Unix ms, as the next. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A policy in which nothing is left out. */
type Complete<T> = T extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]-?: Complete<Exclude<T[Name], undefined>> }
    : T;

/** As calls use it: complete, and frozen through and through. */
export type CompiledPolicy = Complete<RoutingPolicy>;

const DEFAULTS: Omit<PolicyDefinition, 'targets'> = {
  strategy: 'priority',
  rules: [],
  weights: { price: 1, latency: 1, throughput: 1, load: 1 },
  fallbacks: { contextWindow: [], contentPolicy: [] },
  maxAttempts: 3,
  timeouts: { totalMs: null, attemptMs: null, firstTokenMs: null, idleMs: null },
  hedge: false,
  midStreamFailover: false,
};

/** Where some weights are given, the others do not count. */
const NO_WEIGHTS = { price: 0, latency: 0, throughput: 0, load: 0 };

export function definitionOf(policy: PolicyDefinition): PolicyDefinition {
  const { targets, strategy, rules, weights, fallbacks, maxAttempts, timeouts, hedge, midStreamFailover } =
    policy;
  return { targets, strategy, rules, weights, fallbacks, maxAttempts, timeouts, hedge, midStreamFailover };
}

/** With the defaults of what is left out, in an order of members that does not depend on the caller's. */
export function completed(definition: Partial<PolicyDefinition>): PolicyDefinition {
  const { weights, fallbacks, timeouts } = definition;
  const nested = {
    weights: weights ? { ...NO_WEIGHTS, ...given(weights) } : DEFAULTS.weights,
    fallbacks: { ...DEFAULTS.fallbacks, ...given(fallbacks ?? {}) },
    timeouts: { ...DEFAULTS.timeouts, ...given(timeouts ?? {}) },
  };
  return definitionOf(plainToInstance(RoutingPolicy, { ...DEFAULTS, ...definition, ...nested }));
}

/**
 * As a JSON merge patch (RFC 7386): what is left out stays, also within an object; what is null has its default again; a list
 * takes the place of the list.
 *
 * @throws InvalidRequestError (400) for a policy without targets
 */
export function merged(before: PolicyDefinition, patch: PolicyPatch): PolicyDefinition {
  if (patch.targets === null) {
    throw new InvalidRequestError(
      'targets: a policy cannot be without them. Leave them out to keep those it has.',
      'targets',
    );
  }
  return completed(patched({ ...before }, { ...patch }));
}

function patched(
  before: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const changes = Object.entries(given(patch)).map(([name, value]) => {
    const old = before[name];
    return [name, isObject(value) ? patched(isObject(old) ? old : {}, value) : (value ?? undefined)];
  });
  return given({ ...before, ...Object.fromEntries(changes) });
}

export function toRecord(policy: RoutingPolicy): PolicyRecord {
  const { id, projectId, name, version, createdAt, updatedAt, authorId, authorName } = policy;
  return {
    id,
    projectId,
    name,
    version,
    authorId,
    authorName,
    createdAt: Date.parse(createdAt),
    updatedAt: Date.parse(updatedAt),
    definition: JSON.stringify(definitionOf(policy)),
  };
}

export function toPolicy(record: PolicyRecord): RoutingPolicy {
  const { id, projectId, name, definition, createdAt, updatedAt, authorId, authorName, version } = record;
  return {
    id,
    projectId,
    name,
    ...completed(JSON.parse(definition) as PolicyDefinition),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    authorId,
    authorName,
    version,
  };
}

export function compile(record: PolicyRecord): CompiledPolicy {
  return frozen(toPolicy(record)) as CompiledPolicy;
}

function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
