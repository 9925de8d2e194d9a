import { UpstreamError, withoutSecret } from '@app/shared';
import { isRefusal, passedOn } from '../closes.js';
import type { Leg } from './leg.js';

interface Close {
  readonly code: number;
  readonly reason: string;
  /** The vendor ends all sessions at some age: that is no failure. */
  readonly isEndOfLife: boolean;
}

/** Why a session has no vendor any more. */
export class VendorLoss {
  readonly error: UpstreamError;
  readonly isEndOfLife: boolean;
  /** The vendor cannot take what it was told. */
  readonly isRefusal: boolean;
  /** For the caller, when there is no other vendor. */
  readonly code: number;

  constructor(
    private readonly leg: Pick<Leg, 'route' | 'secret'>,
    { code, reason, isEndOfLife }: Close,
  ) {
    const why = reason === '' ? '' : `: ${withoutSecret(reason, leg.secret)}`;
    this.error = this.errorOf(`The vendor '${leg.route.vendor.id}' closed the session (${code})${why}`);
    this.isEndOfLife = isEndOfLife;
    this.isRefusal = isRefusal(code) && !isEndOfLife;
    this.code = passedOn(code);
  }

  /** What the caller hears of it. @param why the last attempt to open the session again failed; null: none was made */
  asEnd(why: string | null): UpstreamError {
    const { message } = this.error;
    return why === null ? this.error : this.errorOf(`${message} Nobody could go on with it: ${why}`);
  }

  private errorOf(message: string): UpstreamError {
    return new UpstreamError({ vendor: this.leg.route.vendor.id, upstreamStatus: null, message });
  }
}
