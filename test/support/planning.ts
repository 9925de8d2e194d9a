import { catalog, ModelBook, PriceBook, ProviderRegistry } from '@app/providers';
import { readConfig, type RoutePermission } from '@app/shared';
import { CallPermission } from '../../libs/projects/src/domain/call-permission.js';
import { KeyCooldowns } from '../../libs/routing/src/domain/health/key-cooldowns.js';
import { KeyPool } from '../../libs/routing/src/domain/health/key-pool.js';
import { Random } from '../../libs/routing/src/domain/health/random.js';
import { TargetHealth } from '../../libs/routing/src/domain/health/target-health.js';
import { ModelRouter } from '../../libs/routing/src/domain/model-router.js';
import { CandidateFacts } from '../../libs/routing/src/domain/planning/candidate-facts.js';
import { Choices } from '../../libs/routing/src/domain/planning/choices.js';
import { Decisions } from '../../libs/routing/src/domain/planning/decisions.js';
import { WarmPrompts } from '../../libs/routing/src/domain/planning/warm-prompts.js';
import {
  compile,
  type CompiledPolicy,
  type PolicyDefinition,
} from '../../libs/routing/src/domain/policies/policy-definition.js';
import { PolicyBook } from '../../libs/routing/src/domain/policies/policy-book.js';
import type { RouteRequest } from '../../libs/routing/src/domain/route-request.js';
import { RoutePlanner } from '../../libs/routing/src/domain/route-planner.js';
import { VendorKeys } from '../../libs/routing/src/domain/vendor-keys.js';
import { routingPolicyRepository } from '../../libs/routing/src/policy-storage.module.js';
import { aPolicyRecord } from './policies.js';
import { BY, openProjects, type TestProjects } from './projects.js';

/** Vendors that the gateway has a key for; of the others, a project needs its own. */
const CONFIGURED = {
  AI_GATEWAY_SIMULATOR: 'off',
  OPENAI_API_KEY: 'not-used',
  ANTHROPIC_API_KEY: 'not-used',
  XAI_API_KEY: 'not-used',
  OPENROUTER_API_KEY: 'not-used',
};

/** Chance that says what comes up. */
class Drawn extends Random {
  override next(): number {
    return 0.25;
  }
}

/** What the store holds before anything is asked. */
interface Stored {
  readonly policies?: Readonly<Record<string, Partial<PolicyDefinition>>>;
  /** Vendors that the project has a key of its own for. */
  readonly keys?: readonly string[];
}

type Scope = Partial<NonNullable<Parameters<typeof CallPermission.of>[1]>>;

export type TestPlanning = Awaited<ReturnType<typeof openPlanning>>;

/** All that plans a call, put together as the gateway has it, for one project of a store in memory. */
export async function openPlanning({ policies = {}, keys = [] }: Stored = {}) {
  const projects = await openProjects();
  const { clock, database } = projects;
  const project = await projects.projectChanges.create(BY, { name: 'demo' });
  const repository = await routingPolicyRepository.useFactory(database);
  for (const [name, definition] of Object.entries(policies)) {
    await repository.insert(aPolicyRecord({ projectId: project.id, name }, definition));
  }
  for (const provider of keys) {
    const key = { provider, name: provider, apiKey: `secret of ${provider}` };
    await projects.providerKeyChanges.create(BY, project.id, key);
  }
  return {
    ...plannerOf(projects, new PolicyBook(repository, clock)),
    clock,
    projectId: project.id,
    /** Of a key that may do no more than this. */
    permissionOf: (scope: Scope): RoutePermission | null => {
      const everything = { allowedModels: null, allowedVendors: null };
      const key = { ...everything, allowedEndpoints: null, allowedAddresses: null, ...scope };
      return CallPermission.of(project, key)?.route ?? null;
    },
    requestOf: (
      model: string,
      fields: Partial<RouteRequest> = {},
      call: Partial<RouteRequest['call']> = {},
    ) => requestOf({ projectId: project.id, receivedAt: clock.now(), ...call }, model, fields),
    close: () => database.close(),
  };
}

function plannerOf({ clock, providerKeys }: TestProjects, policies: PolicyBook) {
  const config = readConfig(CONFIGURED);
  const registry = new ProviderRegistry(catalog, config);
  const router = new ModelRouter(registry, new ModelBook(config));
  const prices = new PriceBook(config);
  const random = new Drawn();
  const cooldowns = new KeyCooldowns(clock);
  const health = new TargetHealth(clock, random);
  const warm = new WarmPrompts(clock);
  const choices = new Choices(router, registry, prices, new VendorKeys(providerKeys, registry));
  const facts = new CandidateFacts(prices, health, new KeyPool(cooldowns, clock), warm);
  const decisions = new Decisions(choices, facts, warm, random);
  const planner = new RoutePlanner(router, policies, decisions, registry);
  return { registry, router, prices, cooldowns, health, warm, choices, facts, decisions, planner };
}

function requestOf(
  call: Partial<RouteRequest['call']> & Pick<RouteRequest['call'], 'projectId' | 'receivedAt'>,
  model: string,
  fields: Partial<RouteRequest>,
): RouteRequest {
  return {
    call: { permission: null, routing: null, ...call },
    model,
    body: { model, messages: [{ role: 'user', content: 'Hello' }] },
    stream: false,
    countInput: () => 10,
    ...fields,
  };
}

/** A policy as calls use it. */
export function aPolicy(definition: Partial<PolicyDefinition>, name = 'fast'): CompiledPolicy {
  return compile(aPolicyRecord({ name }, definition));
}
