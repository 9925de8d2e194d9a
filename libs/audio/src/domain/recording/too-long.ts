import type { Route } from '@app/routing';
import { GatewayError } from '@app/shared';
import type { Recording } from './recording.js';

interface Limit {
  readonly unit: 'bytes' | 's';
  readonly has: number;
  readonly most: number;
  /** `vendor/model` */
  readonly target: string;
}

/** 413: the vendor would listen to it in vain. */
export class RecordingTooLongError extends GatewayError {
  constructor(
    readonly limit: Limit,
    isWidest = false,
  ) {
    const { unit, has, most, target } = limit;
    super(
      `The recording has ${Math.round(has)} ${unit}; '${target}' hears ${most} ${unit} at once${isWidest ? ', the most of all targets' : ''}. Send it in parts, or choose another model.`,
      { status: 413, type: 'invalid_request_error', code: 'recording_too_long', param: 'file' },
    );
  }
}

/** What speaks against hearing it there; null when nothing is known to. */
export function tooLong(
  { seconds, isExact }: Recording,
  bytes: number,
  { vendor, target }: Pick<Route, 'vendor' | 'target'>,
): RecordingTooLongError | null {
  const { bytes: mostBytes = Infinity, seconds: timed = [] } = vendor.hearing ?? {};
  const named = `${vendor.id}/${target.model}`;
  if (bytes > mostBytes) {
    return new RecordingTooLongError({ unit: 'bytes', has: bytes, most: mostBytes, target: named });
  }
  const most = timed.find(({ models }) => models.test(target.model))?.most ?? Infinity;
  return isExact && seconds !== null && seconds > most
    ? new RecordingTooLongError({ unit: 's', has: seconds, most, target: named })
    : null;
}

/** Where nobody hears it: who takes most of it. Null where it is not for its length. */
export function widest(errors: readonly GatewayError[]): RecordingTooLongError | null {
  const limits = errors.flatMap(error => (error instanceof RecordingTooLongError ? [error.limit] : []));
  const [limit] = limits.toSorted((one, two) => two.most / two.has - one.most / one.has);
  return limit ? new RecordingTooLongError(limit, limits.length > 1) : null;
}
