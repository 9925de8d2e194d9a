import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Vendor } from '@app/providers';
import { KeyPool, ownerOf, VendorKeys } from '@app/routing';
import { BodyTooLargeError, type Call, Config, JSON_TYPE } from '@app/shared';
import {
  KeyMakingPathError,
  MethodNotCarriedError,
  VendorPathsClosedError,
  WebSocketNotCarriedError,
} from './vendor-path.errors.js';
import { makesKeys } from './key-making.js';
import type { BodyLimit } from './limited-body.js';
import type { VendorPath } from './vendor-path.js';

const REFUSED_METHODS = new Set(['TRACE', 'CONNECT']);
/** Of keys, only what holds for every model. */
const NO_MODEL = '';

/** A request as it came in, its body unread. */
export interface RawRequest extends Readable {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What is asked of a vendor. */
interface Asked {
  readonly vendor: Vendor;
  readonly request: RawRequest;
  readonly target: VendorPath;
}

/** What a form has around its file: nobody looks for where that begins. */
const FORM_BYTES = 4096;

/** Who may call the paths of a vendor, with which key, and what may be sent there. */
@Injectable()
export class VendorPathAccess {
  constructor(
    private readonly keys: VendorKeys,
    private readonly pool: KeyPool,
    private readonly config: Config,
  ) {}

  /**
   * A key that is limited to some models may call none: which model a path asks for, or an uploaded batch, is not known.
   *
   * @throws GatewayError (403, 405, 413, 501)
   */
  async check(call: Call, { vendor, request, target }: Asked): Promise<void> {
    const { method = 'GET', headers } = request;
    if (REFUSED_METHODS.has(method)) {
      throw new MethodNotCarriedError(method);
    }
    if (/\bwebsocket\b/i.test(String(headers['upgrade'] ?? ''))) {
      throw new WebSocketNotCarriedError();
    }
    call.permission?.assertVendor(vendor.id);
    if (makesKeys(target.path)) {
      throw new KeyMakingPathError(vendor.id);
    }
    const { vendorPaths } = this.config;
    if (vendorPaths === 'off' || (vendorPaths === 'own-keys' && !(await this.hasOwnKey(call, vendor)))) {
      throw new VendorPathsClosedError(vendor.id, vendorPaths);
    }
    const limit = this.limitOf(call, headers);
    if (Number(headers['content-length']) > limit.bytes) {
      throw new BodyTooLargeError(limit.setBytes);
    }
  }

  /**
   * The first of the project's keys that its vendor has not turned away in another call (401, 402); null for the gateway's.
   * Their shares do not count: what one account holds (files, batches), another does not know. For the same reason what is
   * answered here makes no key rest, nor could it be told from a path that is closed to every key.
   *
   * @throws StoreUnavailableError (503), UnreadableProviderKeyError
   */
  async secretFor({ projectId }: Call, vendor: Vendor): Promise<string | null> {
    const keys = await this.keys.of(projectId, vendor);
    const key = this.pool.choose(keys, NO_MODEL, 0) ?? keys[0];
    return key?.secret ?? null;
  }

  /** More than other bodies and files may have, since nothing is kept in memory; unless the project or its key sets a limit. */
  limitOf({ bodyLimitBytes, fileLimitBytes }: Call, headers: RawRequest['headers']): BodyLimit {
    const { uploadLimitBytes, bodyLimitBytes: usual, fileLimitBytes: usualFile } = this.config;
    const body = bodyLimitBytes < usual ? bodyLimitBytes : uploadLimitBytes;
    const isFile = !JSON_TYPE.test(String(headers['content-type'] ?? 'application/json'));
    return isFile && fileLimitBytes < usualFile && fileLimitBytes + FORM_BYTES < body
      ? { bytes: fileLimitBytes + FORM_BYTES, setBytes: fileLimitBytes }
      : { bytes: body, setBytes: body };
  }

  private async hasOwnKey({ projectId }: Call, vendor: Vendor): Promise<boolean> {
    return ownerOf(projectId, await this.keys.of(projectId, vendor)) !== null;
  }
}
