import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ProviderKeysService } from '@app/projects';
import type { Vendor } from '@app/providers';
import { BodyTooLargeError, type Call, Config } from '@app/shared';
import {
  MethodNotCarriedError,
  VendorPathsClosedError,
  WebSocketNotCarriedError,
} from './vendor-path.errors.js';

const REFUSED_METHODS = new Set(['TRACE', 'CONNECT']);

/** A request as it came in, its body unread. */
export interface RawRequest extends Readable {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Who may call the paths of a vendor, and what may be sent there. */
@Injectable()
export class VendorPathAccess {
  constructor(
    private readonly providerKeys: ProviderKeysService,
    private readonly config: Config,
  ) {}

  /**
   * A key that is limited to some models may call none: which model a path asks for, or an uploaded batch, is not known.
   *
   * @throws GatewayError (403, 405, 413, 501)
   */
  async check(call: Call, vendor: Vendor, { method = 'GET', headers }: RawRequest): Promise<void> {
    if (REFUSED_METHODS.has(method)) {
      throw new MethodNotCarriedError(method);
    }
    if (/\bwebsocket\b/i.test(String(headers['upgrade'] ?? ''))) {
      throw new WebSocketNotCarriedError();
    }
    call.permission?.assertVendor(vendor.id);
    const { vendorPaths } = this.config;
    if (vendorPaths === 'off' || (vendorPaths === 'own-keys' && !(await this.hasOwnKey(call, vendor)))) {
      throw new VendorPathsClosedError(vendor.id, vendorPaths);
    }
    const limit = this.limitOf(call);
    if (Number(headers['content-length']) > limit) {
      throw new BodyTooLargeError(limit);
    }
  }

  /** In bytes. More than other bodies may have, since nothing is kept in memory; unless the project sets a limit. */
  limitOf({ bodyLimitBytes }: Call): number {
    const { uploadLimitBytes, bodyLimitBytes: usual } = this.config;
    return bodyLimitBytes < usual ? bodyLimitBytes : uploadLimitBytes;
  }

  private async hasOwnKey({ projectId }: Call, { id }: Vendor): Promise<boolean> {
    return (await this.providerKeys.secretOf(projectId, id)) !== null;
  }
}
