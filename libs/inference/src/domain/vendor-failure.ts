import type { VendorResponse } from '@app/providers';
import type { Route } from '@app/routing';
import type { GatewayError } from '@app/shared';

const ERROR_BODY_LIMIT_BYTES = 1024 * 1024;

/** The vendor's error status and body as ours. */
export async function readVendorFailure({ vendor }: Route, response: VendorResponse): Promise<GatewayError> {
  const headers: Record<string, string | undefined> = {};
  for (const name of Object.keys(response.headers)) {
    headers[name] = response.header(name);
  }
  const body = await response.collect(vendor.id, ERROR_BODY_LIMIT_BYTES);
  return vendor.dialect.readError({
    vendor: vendor.id,
    status: response.status,
    headers,
    body: body.toString(),
  });
}
