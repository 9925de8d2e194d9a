import type { IncomingHttpHeaders } from 'node:http';

/** Whether a browser says who makes the request: each does where something is to be changed, and others seldom do. */
export function isOfPage({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  return origin !== undefined || site !== undefined;
}

/**
 * Whether a page of the gateway itself makes the request, and neither one of another site nor of a neighbour on the same one. Browsers
 * leave `Sec-Fetch-Site` out where the gateway is reached by plain HTTP; a proxy may change `Host`, but not that.
 */
export function isSameOrigin({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined) {
    return site === 'same-origin';
  }
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
