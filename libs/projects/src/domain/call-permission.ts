import { AddressSet, type RoutePermission } from '@app/shared';
import type { StoredApiKey } from './api-key.entity.js';
import { fitsGlob } from './glob.js';
import { OutsideScopeError } from './projects.errors.js';
import type { Project } from './project.entity.js';

const PROJECT = 'This project';
const KEY = 'This API key';
/** Characters of a caller's text in an error. */
const SHOWN = 200;

type KeyScope = Pick<
  StoredApiKey,
  'allowedModels' | 'allowedVendors' | 'allowedEndpoints' | 'allowedAddresses'
>;

/** Of a key that may do all that its project may. */
const EVERYTHING: KeyScope = {
  allowedModels: null,
  allowedVendors: null,
  allowedEndpoints: null,
  allowedAddresses: null,
};

/**
 * What a key may do within its project, made ready when the two are loaded. What is null is not limited, so that a key
 * without limits costs a call nothing.
 */
export class CallPermission {
  private constructor(
    private readonly key: KeyScope,
    /** For the part of the call that knows vendor and model. */
    readonly route: RoutePermission | null,
    private readonly addresses: AddressSet | null,
  ) {}

  /** Null for a key that may do everything, in a project that may. */
  static of(project: Project, key: KeyScope = EVERYTHING): CallPermission | null {
    const { allowedModels, allowedVendors, allowedEndpoints, allowedAddresses } = key;
    const hasRoutes = allowedModels ?? allowedVendors ?? project.allowedVendors;
    const route = hasRoutes && new RouteScope(project, key);
    const addresses = allowedAddresses && new AddressSet(allowedAddresses);
    return route || allowedEndpoints || addresses ? new CallPermission(key, route, addresses) : null;
  }

  /**
   * @param url path and query, as called
   * @throws OutsideScopeError (403)
   */
  assertRequest(url: string | undefined, address: string): void {
    const { allowedEndpoints, allowedAddresses } = this.key;
    if (allowedEndpoints) {
      const path = pathOf(url ?? '');
      if (!allowedEndpoints.some(pattern => fitsGlob(pattern, path))) {
        throw new OutsideScopeError(KEY, `the endpoint '${path.slice(0, SHOWN)}'`, allowedEndpoints);
      }
    }
    if (this.addresses && !this.addresses.has(address)) {
      throw new OutsideScopeError(KEY, `an address such as '${address}'`, allowedAddresses ?? []);
    }
  }
}

class RouteScope implements RoutePermission {
  constructor(
    private readonly project: Project,
    private readonly key: KeyScope,
  ) {}

  get limitsModels(): boolean {
    return this.key.allowedModels !== null;
  }

  get limitsKey(): boolean {
    return this.limitsModels || this.key.allowedVendors !== null;
  }

  allowsVendor(vendor: string): boolean {
    return isListed(vendor, this.project.allowedVendors) && isListed(vendor, this.key.allowedVendors);
  }

  allows(vendor: string, model: string): boolean {
    return this.allowsVendor(vendor) && this.allowsModel(vendor, model);
  }

  /** No pattern opens a policy: it would open those that are made tomorrow, too. */
  allowsPolicy(name: string): boolean {
    return this.key.allowedModels?.includes(name) ?? false;
  }

  assertTarget(vendor: string): void {
    assertListed(PROJECT, vendor, this.project.allowedVendors);
    assertListed(KEY, vendor, this.key.allowedVendors);
  }

  allowsAll(vendor: string): boolean {
    return this.allowsVendor(vendor) && this.allowsAllModels(vendor);
  }

  assertVendor(vendor: string): void {
    this.assertTarget(vendor);
    const { allowedModels } = this.key;
    if (allowedModels && !this.allowsAllModels(vendor)) {
      throw new OutsideScopeError(KEY, `all of the vendor '${vendor}'`, allowedModels);
    }
  }

  assertRoute(vendor: string, model: string): void {
    this.assertTarget(vendor);
    const { allowedModels } = this.key;
    if (allowedModels && !this.allowsModel(vendor, model)) {
      throw new OutsideScopeError(KEY, `the model '${vendor}/${model.slice(0, SHOWN)}'`, allowedModels);
    }
  }

  private allowsAllModels(vendor: string): boolean {
    const { allowedModels } = this.key;
    return allowedModels?.some(pattern => pattern === '*' || pattern === `${vendor}/*`) ?? true;
  }

  private allowsModel(vendor: string, model: string): boolean {
    const { allowedModels } = this.key;
    return !allowedModels || allowedModels.some(pattern => fitsModel(pattern, vendor, model));
  }
}

function isListed(vendor: string, allowed: readonly string[] | null): boolean {
  return !allowed || allowed.includes(vendor);
}

function assertListed(who: string, vendor: string, allowed: readonly string[] | null): void {
  if (allowed && !isListed(vendor, allowed)) {
    throw new OutsideScopeError(who, `the vendor '${vendor}'`, allowed);
  }
}

/** A pattern with a slash begins with the vendor; one without is about the model's own name. */
function fitsModel(pattern: string, vendor: string, model: string): boolean {
  return fitsGlob(pattern, pattern.includes('/') ? `${vendor}/${model}` : model);
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
