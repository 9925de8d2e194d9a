import type { VendorRequest } from '../client/vendor.client.js';
import { vendorUrl } from '../vendor-url.js';
import type { Vendor, VendorEndpoint } from '../vendor.js';

/**
 * Asks for a page of the vendor's models, which costs nothing.
 *
 * @param after where the page before ended; null for the first
 */
export function listRequest(
  vendor: Vendor,
  { baseUrl, headers }: VendorEndpoint,
  after: string | null,
  signal: AbortSignal,
): VendorRequest {
  return {
    vendor: vendor.id,
    method: 'GET',
    url: vendorUrl(baseUrl, vendor.dialect.models.path(after), ''),
    headers: { ...vendor.dialect.headers, accept: 'application/json', ...headers },
    signal,
  };
}
