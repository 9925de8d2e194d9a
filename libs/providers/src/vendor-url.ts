import { InvalidRequestError } from '@app/shared';
import { staysInside } from './inside-path.js';

const MODEL = '{model}';
/** A server or a proxy on the way may read these as a way to another place, encoded or not. */
const NO_SEGMENT = /^\.{1,2}$|[/\\\p{Cc}\p{Cs}]/u;

/**
 * The address of a request: the base URL and a path below it, which may have a query. A base URL with a query keeps it
 * behind the path, and `{model}` in it stands for the model (Azure's deployments).
 *
 * @throws InvalidRequestError (400) when the model cannot stand there
 */
export function vendorUrl(baseUrl: string, path: string, model: string): string {
  assertInside(path);
  const base = baseUrl.includes(MODEL) ? baseUrl.replace(MODEL, segmentOf(model)) : baseUrl;
  const query = base.indexOf('?');
  return query < 0
    ? base + path
    : base.slice(0, query) + path + (path.includes('?') ? '&' : '?') + base.slice(query + 1);
}

function segmentOf(model: string): string {
  if (NO_SEGMENT.test(model)) {
    throw new InvalidRequestError(
      'The model is a part of the address at this vendor, and this name cannot be one. Send the name of a deployment.',
      'model',
    );
  }
  return encodeURIComponent(model);
}

/** Some dialects say the model in the path: what is encoded there came from the caller. */
function assertInside(path: string): void {
  const [place = ''] = path.split('?');
  if (place.includes('%') && !staysInside(place)) {
    throw new InvalidRequestError(
      "The model is a part of the address at this vendor, and this name cannot be one. Send the model's own name.",
      'model',
    );
  }
}
