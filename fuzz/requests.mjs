// Request number N of a seed, always the same.
import { brokenForm, rightForm } from './form-breakages.mjs';
import { breakValue } from './json-breakages.mjs';
import { Random } from './random.mjs';
import { routes } from './routes.mjs';
import { breakBytes, breakHeaders, breakText } from './text-breakages.mjs';

const JSON_TYPE = { 'content-type': 'application/json' };
/** What may stand where a path has a model or an id. */
const SEGMENTS = [
  '%00',
  '%ff',
  '%E0%A4%A',
  '..%2f..',
  '%',
  '*',
  'x'.repeat(3000),
  ':generateContent',
  '%2F',
  'a%20b',
  "'",
];
const QUERIES = [
  '?key=%',
  '?a[b]=1',
  '?pageSize=-1',
  '?limit=x&limit=y',
  '?alt=sse&alt=json',
  '?__proto__[a]=1',
  '?',
];

/** @returns {{route: Route, path: string, method: string, headers: object, bytes: Buffer | null}} */
export function brokenRequest(seed, number) {
  const random = new Random(seed, number);
  const route = routes[number % routes.length];
  const asked = { route, path: route.path, method: route.method ?? 'POST' };
  if (route.kind === 'none') {
    return { ...asked, path: brokenPath(random, route.path), headers: {}, bytes: null };
  }
  const right = random.pick(route.bodies);
  const body = route.kind === 'form' ? brokenForm(random, right) : brokenJson(random, right);
  const path = random.chance(0.03) ? brokenPath(random, route.path) : route.path;
  return { ...asked, path, ...(random.chance(0.04) ? breakHeaders(random, body) : body) };
}

/** Each right body of each route. */
export function rightRequests() {
  return routes.flatMap(route =>
    route.bodies.map(body => ({
      route,
      path: route.path,
      method: route.method ?? 'POST',
      ...rightBody(route, body),
    })),
  );
}

function rightBody({ kind }, body) {
  switch (kind) {
    case 'none':
      return { headers: {}, bytes: null };
    case 'form':
      return rightForm(body);
    default:
      return { headers: JSON_TYPE, bytes: Buffer.from(JSON.stringify(body)) };
  }
}

/** Broken as a value, as a text, as bytes, or as several of them. */
function brokenJson(random, right) {
  const how = random.next();
  const value = how < 0.75 ? breakValue(random, right) : right;
  const whole = JSON.stringify(value) ?? 'null';
  const text = how >= 0.7 && how < 0.92 ? breakText(random, whole) : whole;
  const bytes = Buffer.from(text);
  return { headers: JSON_TYPE, bytes: how >= 0.92 ? breakBytes(random, bytes) : bytes };
}

function brokenPath(random, path) {
  const segments = path.split('/');
  const at = 2 + random.below(Math.max(1, segments.length - 2));
  const broken = random.chance(0.7)
    ? segments.with(Math.min(at, segments.length - 1), random.pick(SEGMENTS))
    : segments;
  const address = broken.join('/');
  return random.chance(0.4) && !address.includes('?') ? address + random.pick(QUERIES) : address;
}
