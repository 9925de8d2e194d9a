import type { Route } from '@app/routing';
import { GatewayError } from '@app/shared';
import type { Recording } from './recording.js';

/** 413: the vendor would listen to it in vain. */
export class RecordingTooLongError extends GatewayError {
  constructor(found: string, most: string, { vendor, target }: Pick<Route, 'vendor' | 'target'>) {
    super(
      `The recording has ${found}; '${vendor.id}/${target.model}' hears ${most} at once. Send it in parts, or choose another model.`,
      { status: 413, type: 'invalid_request_error', code: 'recording_too_long', param: 'file' },
    );
  }
}

/** What speaks against hearing it there; null when nothing is known to. */
export function tooLong(
  { seconds, isExact }: Recording,
  bytes: number,
  route: Pick<Route, 'vendor' | 'target'>,
): RecordingTooLongError | null {
  const { hearing } = route.vendor;
  if (!hearing) {
    return null;
  }
  const { bytes: mostBytes = Infinity } = hearing;
  if (bytes > mostBytes) {
    return new RecordingTooLongError(`${bytes} bytes`, `${mostBytes} bytes`, route);
  }
  const most = hearing.seconds?.models.test(route.target.model) ? hearing.seconds.most : Infinity;
  return isExact && seconds !== null && seconds > most
    ? new RecordingTooLongError(`${Math.round(seconds)} s`, `${most} s`, route)
    : null;
}
