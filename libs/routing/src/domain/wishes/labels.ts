import { InvalidRequestError, isObject, ROUTING_HEADERS, type RoutingHeaders } from '@app/shared';
import { readObject, readTexts } from './wish-values.js';

const MOST_TAGS = 50;

/** What a caller says about its request, for the rules of policies. */
export interface Labels {
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * @param metadata of the body, whose texts count: the rest is for the vendor; headers rule over them
 * @throws InvalidRequestError (400) naming the header that is wrong
 */
export function readLabels(metadata: unknown, headers: RoutingHeaders | null): Labels {
  const tags = headers?.tags?.split(',').map(tag => tag.trim());
  const told = headers?.metadata === undefined ? {} : readMetadata(headers.metadata);
  const texts = Object.entries({ ...(isObject(metadata) ? metadata : {}), ...told }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { tags: readTexts(tags, ROUTING_HEADERS.tags, MOST_TAGS), metadata: Object.fromEntries(texts) };
}

function readMetadata(json: string): Readonly<Record<string, unknown>> {
  const where = ROUTING_HEADERS.metadata;
  const metadata = readObject(json, where);
  if (!Object.values(metadata).every(value => typeof value === 'string')) {
    throw new InvalidRequestError(
      `'${where}' must be a JSON object of texts such as {"tier": "free"}.`,
      where,
    );
  }
  return metadata;
}
