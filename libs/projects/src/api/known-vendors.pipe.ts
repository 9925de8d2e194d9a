import { Injectable, Optional, type PipeTransform } from '@nestjs/common';
import { InvalidRequestError } from '@app/shared';
import { VendorIds } from '../domain/vendor-ids.js';

interface Body {
  readonly provider?: string;
  readonly allowedVendors?: readonly string[] | null;
}

/** A body names vendors that this gateway knows, so that a slip of the pen is no key that never works. */
@Injectable()
export class KnownVendorsPipe implements PipeTransform<Body, Body> {
  /** @param vendors absent on the command line, which takes no bodies */
  constructor(@Optional() private readonly vendors?: VendorIds) {}

  /** @throws InvalidRequestError (400) */
  transform(body: Body): Body {
    const { provider, allowedVendors } = body;
    this.refuseUnknown('provider', provider === undefined ? [] : [provider]);
    this.refuseUnknown('allowedVendors', allowedVendors ?? []);
    return body;
  }

  private refuseUnknown(field: string, ids: readonly string[]): void {
    const known = this.vendors?.all ?? ids;
    const unknown = ids.find(id => !known.includes(id));
    if (unknown !== undefined) {
      throw new InvalidRequestError(
        `${field}: there is no vendor '${unknown}' here. Use one of ${known.toSorted().join(', ')}.`,
        field,
      );
    }
  }
}
