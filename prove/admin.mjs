// The management API, as the proof asks it.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

export const ADMIN_KEY = `ak_prove_${randomBytes(20).toString('hex')}`;
const PAGE = 200;
const HOUR_MS = 3_600_000;

/** So often a question is asked again while the store is late; a change is not. */
const ATTEMPTS = 20;

/** @throws Error with what was answered, unless it was a success */
export async function admin(gateway, method, path, body) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await ask(gateway, method, path, body);
    const text = await response.text();
    if (response.ok) {
      return text === '' ? null : JSON.parse(text);
    }
    if (response.status !== 503 || method !== 'GET' || attempt === ATTEMPTS) {
      throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    }
    await delay(500);
  }
}

function ask({ url }, method, path, body) {
  return fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
}

/** Usage records of a project, all of them. */
export async function ledgerOf(gateway, projectId) {
  const records = [];
  for (let after = ''; after !== null;) {
    const query = `projectId=${projectId}&limit=${PAGE}${after && `&after=${after}`}`;
    const { data, next } = await admin(gateway, 'GET', `/admin/usage?${query}`);
    records.push(...data);
    after = next;
  }
  return records;
}

/** What the hourly sums say of a project, whatever the clocks of its gateways. */
export async function sumsOf(gateway, projectId) {
  const [from, to] = [-HOUR_MS, HOUR_MS].map(ms => new Date(Date.now() + ms).toISOString());
  const query = new URLSearchParams({ projectId, interval: 'total', from, to });
  const { data } = await admin(gateway, 'GET', `/admin/usage/summary?${query}`);
  return data[0] ?? {};
}

/** @param terms see `termsOf` in `projects.mjs` */
export async function createProject(gateway, name, { budget = null, limits = null, ...terms }) {
  const { id, apiKey } = await admin(gateway, 'POST', '/admin/projects', { name, ...limits });
  const path = `/admin/projects/${id}/budgets`;
  const made = budget && (await admin(gateway, 'POST', path, { name, period: 'total', ...budget }));
  const spending = async () => {
    const { data } = await admin(gateway, 'GET', `${path}/${made.id}/spending`);
    return data[0] ?? { spentUsd: 0, reservedUsd: 0 };
  };
  return { ...terms, id, name, key: apiKey, budget: made, limits, spending };
}
