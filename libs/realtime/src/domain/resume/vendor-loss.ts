import { UpstreamError, withoutSecret } from '@app/shared';
import { CLOSES, isRefusal, passedOn } from '../closes.js';
import type { Leg } from './leg.js';

interface Close {
  readonly code: number;
  readonly reason: string;
  /** The vendor ends all sessions at some age: that is no failure. */
  readonly isEndOfLife: boolean;
}

interface LossFacts {
  readonly isEndOfLife: boolean;
  /** The vendor cannot take what it was told. */
  readonly isRefusal: boolean;
  /** It owed an answer that nothing was heard of. */
  readonly isOfAnswer: boolean;
  /** For the caller, when there is no other vendor. */
  readonly code: number;
}

/** Why a session has no vendor any more. */
export class VendorLoss {
  private constructor(
    readonly error: UpstreamError,
    readonly facts: LossFacts,
  ) {}

  /** It has closed the session. */
  static closed(
    { route, secret }: Pick<Leg, 'route' | 'secret'>,
    { code, reason, isEndOfLife }: Close,
    isOfAnswer: boolean,
  ): VendorLoss {
    const why = reason === '' ? '' : `: ${withoutSecret(reason, secret)}`;
    const vendor = route.vendor.id;
    const message = `The vendor '${vendor}' closed the session (${code})${why}`;
    return new VendorLoss(new UpstreamError({ vendor, upstreamStatus: null, message }), {
      isEndOfLife,
      isRefusal: isRefusal(code) && !isEndOfLife,
      isOfAnswer,
      code: passedOn(code),
    });
  }

  /** It is there, and does not answer. */
  static unanswered(error: UpstreamError): VendorLoss {
    return new VendorLoss(error, {
      isEndOfLife: false,
      isRefusal: false,
      isOfAnswer: true,
      code: CLOSES.failure,
    });
  }

  /** What the caller hears of it. @param why the last attempt to open the session again failed; null: none was made */
  asEnd(why: string | null): UpstreamError {
    const { error } = this;
    return why === null
      ? error
      : new UpstreamError({ ...error.told, message: `${error.message} Nobody could go on with it: ${why}` });
  }
}
