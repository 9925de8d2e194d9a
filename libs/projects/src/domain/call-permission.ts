import type { RoutePermission } from '@app/shared';
import type { StoredApiKey } from './api-key.entity.js';
import { AddressRanges } from './address-range.js';
import { fitsGlob } from './glob.js';
import { OutsideScopeError } from './projects.errors.js';
import type { Project } from './project.entity.js';

/**
 * What a key may do within its project, made ready when the two are loaded. Null members and absent permissions mean
 * "everything", so that a key without limits costs a call nothing.
 */
export class CallPermission {
  readonly route: RoutePermission | null;
  private readonly endpoints: readonly string[] | null;
  private readonly ranges: AddressRanges | null;

  constructor(
    project: Project,
    private readonly key: StoredApiKey,
  ) {
    const { allowedModels, allowedVendors, allowedEndpoints, allowedAddresses } = key;
    const isOpen = !allowedModels && !allowedVendors && !project.allowedVendors;
    this.route = isOpen ? null : new RouteScope(project, key);
    this.endpoints = allowedEndpoints;
    this.ranges = allowedAddresses && new AddressRanges(allowedAddresses);
  }

  /**
   * @param url path and query, as called
   * @throws OutsideScopeError (403)
   */
  assertRequest(url: string | undefined, address: string): void {
    if (this.endpoints) {
      const path = pathOf(url ?? '');
      if (!this.endpoints.some(pattern => fitsGlob(pattern, path))) {
        throw new OutsideScopeError('This API key', `the endpoint '${path.slice(0, 200)}'`, this.endpoints);
      }
    }
    if (this.ranges && !this.ranges.includes(address)) {
      throw new OutsideScopeError(
        'This API key',
        `an address such as '${address}'`,
        this.key.allowedAddresses ?? [],
      );
    }
  }
}

/** Null for a key that may do everything its project may, in a project that may do everything. */
export function permissionOf(project: Project, key: StoredApiKey): CallPermission | null {
  const { allowedModels, allowedVendors, allowedEndpoints, allowedAddresses } = key;
  const limits = [allowedModels, allowedVendors, allowedEndpoints, allowedAddresses, project.allowedVendors];
  return limits.every(limit => limit === null) ? null : new CallPermission(project, key);
}

class RouteScope implements RoutePermission {
  constructor(
    private readonly project: Project,
    private readonly key: StoredApiKey,
  ) {}

  assertRoute(vendor: string, model: string): void {
    assertListed('This project', vendor, this.project.allowedVendors);
    assertListed('This API key', vendor, this.key.allowedVendors);
    const { allowedModels } = this.key;
    if (allowedModels && !allowedModels.some(pattern => fitsModel(pattern, vendor, model))) {
      throw new OutsideScopeError(
        'This API key',
        `the model '${vendor}/${model.slice(0, 200)}'`,
        allowedModels,
      );
    }
  }
}

function assertListed(who: string, vendor: string, allowed: readonly string[] | null): void {
  if (allowed && !allowed.includes(vendor)) {
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
