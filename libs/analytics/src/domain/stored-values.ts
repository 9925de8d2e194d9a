import { storableText } from '@app/shared';

/** Column width of names in the store; longer ones would be refused there, and the record lost. */
const NAME_LENGTH = 191;

/** Null for nothing. */
export function nameOf(text: string | null | undefined): string | null {
  return text ? storableText(text, NAME_LENGTH) : null;
}
