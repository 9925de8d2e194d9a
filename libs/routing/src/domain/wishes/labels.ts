import { InvalidRequestError, isObject, readTags, ROUTING_HEADERS, type RoutingHeaders } from '@app/shared';
import { readObject } from './wish-values.js';

/** What a caller says about its request, for the rules of policies. */
export interface Labels {
  readonly tags: readonly string[];
  /** Numbers and truth values as JSON has them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * @param metadata of the body, whose texts, numbers and truth values count: the rest is for the vendor; headers rule over them
 * @throws InvalidRequestError (400) naming the header that is wrong
 */
export function readLabels(metadata: unknown, headers: RoutingHeaders | null): Labels {
  const told = headers?.metadata === undefined ? {} : readMetadata(headers.metadata);
  const texts = Object.entries({ ...(isObject(metadata) ? metadata : {}), ...told }).flatMap(
    ([name, value]) => (isLabel(value) ? [[name, String(value)] as const] : []),
  );
  return {
    tags: readTags(headers?.tags),
    metadata: Object.fromEntries(texts),
  };
}

/** What a rule can be about. As a text it is what JSON has for it: OpenAI's API takes texts only, so `7` and `"7"` are one. */
export function isLabel(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function readMetadata(json: string): Readonly<Record<string, unknown>> {
  const where = ROUTING_HEADERS.metadata;
  const metadata = readObject(json, where);
  if (!Object.values(metadata).every(isLabel)) {
    throw new InvalidRequestError(
      `'${where}' must be a JSON object of texts, numbers, true or false, such as {"tier": "free"}.`,
      where,
    );
  }
  return metadata;
}
