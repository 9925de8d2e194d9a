import { ConfigError, UnusableStoreError } from '@app/shared';

type ErrorClass = abstract new (...parameters: never[]) => Error;

/** What the terminal shows of a failure: one line for what the operator can mend, else all that helps us. */
export function failureText(error: unknown, ...mendable: readonly ErrorClass[]): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const isMendable = [ConfigError, UnusableStoreError, ...mendable].some(kind => error instanceof kind);
  return isMendable ? error.message : (error.stack ?? error.message);
}
