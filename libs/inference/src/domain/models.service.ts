import { Injectable } from '@nestjs/common';
import { type ModelList, ModelLists, type Vendor } from '@app/providers';
import { PolicyBook } from '@app/routing';
import { type Call, UpstreamError } from '@app/shared';
import { EndpointService, type Offer } from './endpoint.service.js';
import { ModelNotListedError } from './inference.errors.js';
import { ModelDescriptions } from './model-descriptions.js';
import type { OfferedModel } from './offered-model.entity.js';

/** An answer, and what of it could not be had. */
export interface Warned<Body> {
  readonly body: Body;
  readonly warnings: readonly string[];
}

export interface OfferedModelList {
  readonly object: 'list';
  readonly data: OfferedModel[];
}

const UNLISTED = 'Its models are not listed; ask for them by name.';
/** Of one failure, in a header. */
const MOST_CHARACTERS = 200;

type Caller = Pick<Call, 'projectId' | 'permission'>;

/** Which models a call may use, by what their vendors say and what is open to it. */
@Injectable()
export class ModelsService {
  constructor(
    private readonly endpoints: EndpointService,
    private readonly lists: ModelLists,
    private readonly policies: PolicyBook,
    private readonly descriptions: ModelDescriptions,
  ) {}

  /**
   * The project's policies, and the models of every vendor that answers; the others are named in the warnings. A model whose
   * very name a policy has is left out, also for a key that may not use the policy: asking for it means the policy.
   *
   * @throws StoreUnavailableError (503)
   */
  async list({ projectId, permission }: Caller): Promise<Warned<OfferedModelList>> {
    const offers = (await this.endpoints.offersTo(projectId)).filter(
      ({ vendor }) => permission?.allowsVendor(vendor.id) ?? true,
    );
    const lists = await Promise.all(offers.map(offer => this.listOf(offer)));
    const policies = await this.policies.get(projectId);
    return {
      body: {
        object: 'list',
        data: [
          ...[...policies.values()]
            .filter(policy => this.descriptions.isOpen(policy, permission))
            .map(policy => this.descriptions.ofPolicy(policy)),
          ...offers.flatMap(({ vendor }, index) =>
            (lists[index]?.models ?? [])
              .filter(({ id }) => !policies.has(`${vendor.id}/${id}`))
              .filter(({ id }) => permission?.allows(vendor.id, id) ?? true)
              .map(model => this.descriptions.of(vendor, model)),
          ),
        ],
      },
      warnings: offers.flatMap(({ vendor }, index) => warningOf(vendor, lists[index]) ?? []),
    };
  }

  /**
   * @throws OutsideScopeError (403) when the key may not use the model
   * @throws UnknownModelError (404) when no vendor is known for the name
   * @throws ModelNotListedError (404) when the project has no key for the vendor, or the vendor does not list it
   * @throws UpstreamError (502) when the vendor could not be asked
   */
  async get({ projectId, permission }: Caller, name: string): Promise<OfferedModel> {
    const policy = (await this.policies.get(projectId)).get(name);
    if (policy) {
      this.descriptions.assertOpen(policy, permission);
      return this.descriptions.ofPolicy(policy);
    }
    const { vendor, target } = this.descriptions.routeOf(name);
    const id = target.model.replace(/^models\//, '');
    permission?.assertRoute(vendor.id, id);
    const offer = (await this.endpoints.offersTo(projectId, [vendor]))[0];
    if (!offer) {
      throw new ModelNotListedError(name, `The project has no key for ${vendor.name}.`);
    }
    const { models, failure } = await this.listOf(offer);
    const model = models.find(listed => listed.id === id);
    if (model) {
      return this.descriptions.of(vendor, model);
    }
    if (failure !== null && !vendor.unlisted) {
      throw new UpstreamError({ vendor: vendor.id, upstreamStatus: null, message: failure });
    }
    throw new ModelNotListedError(name, failure ?? `${vendor.name} does not list it.`);
  }

  private listOf({ vendor, endpoint, problem }: Offer): Promise<Pick<ModelList, 'models' | 'failure'>> {
    if (!endpoint || vendor.unlisted) {
      return Promise.resolve({ models: [], failure: problem ?? UNLISTED });
    }
    return this.lists.of(vendor, endpoint);
  }
}

function warningOf({ id }: Vendor, list: Pick<ModelList, 'models' | 'failure'> | undefined): string | null {
  if (!list || list.failure === null) {
    return null;
  }
  const what = list.models.length > 0 ? 'stale' : 'left_out';
  return `${what}=${id} (${list.failure.slice(0, MOST_CHARACTERS)})`;
}
