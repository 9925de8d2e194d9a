import type { IncomingHttpHeaders } from 'node:http';
import { storableText } from '../database/storable-text.js';
import { InvalidRequestError } from '../errors/gateway.error.js';
import { isObject } from '../json/is-object.js';

/** Whom a call is made for, in the words of the caller. */
export const USER_HEADER = 'x-llmhub-user';
/** What a call is for: several, separated by commas. */
export const TAGS_HEADER = 'x-llmhub-tags';

/** Of a name of an end user, and of a tag. */
const LONGEST_USER = 256;
const LONGEST_TAG = 64;
const MOST_TAGS = 10;
const USER = /^[\x20-\x7e]{1,256}$/;
const TAG = /^[\x20-\x2b\x2d-\x7e]{1,64}$/;

/** What the headers of a call say of whom and what it is for. */
export interface CallLabels {
  readonly endUser: string | null;
  /** Each once. */
  readonly tags: string[];
}

/**
 * Null when they say nothing, which is nearly always.
 *
 * @throws InvalidRequestError (400) naming the header that cannot be read
 */
export function callLabels(headers: IncomingHttpHeaders): CallLabels | null {
  const [user, tags] = [headers[USER_HEADER]?.toString(), headers[TAGS_HEADER]?.toString()];
  return user === undefined && tags === undefined
    ? null
    : { endUser: user === undefined ? null : readUser(user), tags: readTags(tags) };
}

/** @throws InvalidRequestError (400) */
export function readTags(header: string | undefined): string[] {
  if (header === undefined) {
    return [];
  }
  const tags = header.split(',').map(tag => tag.trim());
  const wrong = tags.find(tag => !TAG.test(tag));
  if (tags.length > MOST_TAGS || wrong !== undefined) {
    const what = wrong === '' ? `, and its entry ${tags.indexOf('') + 1} is empty: leave it out` : '';
    throw new InvalidRequestError(
      `'${TAGS_HEADER}' must be a list of at most ${MOST_TAGS} tags, each of 1 to ${LONGEST_TAG} printable ASCII ` +
        `characters, such as team:search,nightly${what}.`,
      TAGS_HEADER,
    );
  }
  return [...new Set(tags)];
}

/**
 * Whom a call is made for: the header, else what the fields of its body say in the words of OpenAI (`safety_identifier`, `user`) or
 * Anthropic (`metadata.user_id`). A name there that is too long is cut: it is the vendor's field, and the call is a good one.
 */
export function endUserOf(
  labels: CallLabels | undefined,
  fields: Readonly<Record<string, unknown>>,
): string | null {
  return (
    labels?.endUser ??
    storable(fields['safety_identifier']) ??
    storable(fields['user']) ??
    (isObject(fields['metadata']) ? storable(fields['metadata']['user_id']) : null)
  );
}

function storable(name: unknown): string | null {
  return typeof name === 'string' ? storableText(name, LONGEST_USER) || null : null;
}

function readUser(header: string): string {
  const user = header.trim();
  if (!USER.test(user)) {
    throw new InvalidRequestError(
      `'${USER_HEADER}' must have 1 to ${LONGEST_USER} printable ASCII characters. Send an id of the user, or a hash of it.`,
      USER_HEADER,
    );
  }
  return user;
}
