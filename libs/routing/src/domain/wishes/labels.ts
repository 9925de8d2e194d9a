import { isObject, ROUTING_HEADERS, type RoutingHeaders } from '@app/shared';
import { readObject, readTexts } from './wish-values.js';

const MOST_TAGS = 50;

/** What a caller says about its request, for the rules of policies. */
export interface Labels {
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * @param metadata of the body, whose texts count; headers rule over them
 * @throws InvalidRequestError (400) naming the header that is wrong
 */
export function readLabels(metadata: unknown, headers: RoutingHeaders | null): Labels {
  const tags = headers?.tags?.split(',').map(tag => tag.trim());
  const told = headers?.metadata === undefined ? {} : readObject(headers.metadata, ROUTING_HEADERS.metadata);
  const texts = Object.entries({ ...(isObject(metadata) ? metadata : {}), ...told }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { tags: readTexts(tags, ROUTING_HEADERS.tags, MOST_TAGS), metadata: Object.fromEntries(texts) };
}
