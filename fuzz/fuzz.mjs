// `npm run fuzz -- [--bodies N] [--seed N] [--only N]`: broken bodies over HTTP against the built gateway. Every one must
// be refused as the fault of its caller, in the words of the API that was asked, or do no harm.
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { startBuiltGateway } from '../scripts/built-gateway.mjs';
import { brokenRequest, rightRequests } from './requests.mjs';
import { faultOf } from './verdict.mjs';

/** As many at once as keep two processes busy. */
const AT_ONCE = 24;
/** An answer that takes longer hangs. */
const MOST_MS = 60_000;
const SHOWN = 20;
const SHOWN_BYTES = 600;

const { values } = parseArgs({
  options: {
    bodies: { type: 'string', default: '100000' },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 2 ** 31)}` },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const first = Number(values.only ?? 0);
const last = values.only === undefined ? Number(values.bodies) : first + 1;
const counts = new Map();
const tally = { passed: 0, failed: 0 };

const gateway = await startBuiltGateway();
const { key } = await gateway.project('fuzz');
const pool = new Pool(gateway.url, { connections: AT_ONCE, headersTimeout: MOST_MS, bodyTimeout: MOST_MS });
const began = performance.now();
console.log(`seed ${seed}, bodies ${first} to ${last - 1}`);

try {
  await inTurns(rightRequests(), async request => {
    const answer = await send(request);
    judge(answer.status === 200 ? faultOf(request, answer) : `status ${answer.status}`, {
      request,
      answer,
      name: 'a right body',
    });
  });
  await inTurns(numbers(first, last), async number => {
    const request = brokenRequest(seed, number);
    const answer = await send(request);
    count(request.route, answer.status);
    judge(faultOf(request, answer), { request, answer, name: `body ${number}` });
  });
  await afterwards();
  report();
} finally {
  await pool.close();
  await gateway.stop();
}
process.exit(tally.failed === 0 ? 0 : 1);

function* numbers(from, to) {
  for (let number = from; number < to; number++) {
    yield number;
  }
}

async function inTurns(list, work) {
  const items = list[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of { [Symbol.iterator]: () => items }) {
        await work(item);
      }
    }),
  );
}

async function send({ path, method, headers, bytes }) {
  try {
    const given = Object.entries({ ...headers, authorization: `Bearer ${key}` });
    const response = await pool.request({
      path,
      method,
      headers: Object.fromEntries(given.filter(([, value]) => value !== undefined)),
      body: bytes,
    });
    const text = await response.body.text();
    return {
      status: response.statusCode,
      type: String(response.headers['content-type'] ?? ''),
      id: String(response.headers['x-request-id'] ?? ''),
      text,
    };
  } catch (error) {
    return { status: 0, type: '', id: '00000000-0000-0000-0000-000000000000', text: `${error}` };
  }
}

function count({ path, api }, status) {
  const name = path.replace(/\?.*/, '').replace(/models\/.*(?=:)/, 'models/{model}');
  const key = `${api.padEnd(10)}${name}`;
  const row = counts.get(key) ?? {};
  row[status] = (row[status] ?? 0) + 1;
  counts.set(key, row);
}

function judge(fault, { request, answer, name }) {
  if (fault === null) {
    tally.passed += 1;
    return;
  }
  tally.failed += 1;
  if (tally.failed <= SHOWN) {
    const { path, method, headers, bytes } = request;
    console.log(`✗ ${name}: ${fault}`);
    console.log(`  ${method} ${path.slice(0, 200)} ${JSON.stringify(headers)}`);
    console.log(`  ${shortly(bytes?.toString('latin1') ?? '')}`);
    console.log(`  → ${answer.status} ${shortly(answer.text)}`);
  }
}

function shortly(text) {
  const plain = JSON.stringify(text.replaceAll(/(.)\1{40,}/g, (run, sign) => `${sign}…(${run.length})`));
  return plain.length > SHOWN_BYTES ? `${plain.slice(0, SHOWN_BYTES)}… (${text.length})` : plain;
}

/** It serves still, and has nothing to say. */
async function afterwards() {
  const lives = await gateway.becomesReady();
  const logged = gateway
    .readLog()
    .split('\n')
    .filter(line => /"level":(50|60)|rror/.test(line));
  tally[lives ? 'passed' : 'failed'] += 1;
  tally[logged.length === 0 ? 'passed' : 'failed'] += 1;
  if (!lives) {
    console.log('✗ the gateway is gone');
  }
  logged.slice(0, SHOWN).forEach(line => console.log(`✗ logged: ${line.slice(0, SHOWN_BYTES)}`));
}

function report() {
  const seconds = (performance.now() - began) / 1000;
  for (const [route, row] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const told = Object.entries(row).map(([status, times]) => `${status}: ${times}`);
    console.log(`${route.padEnd(56)} ${told.join('  ')}`);
  }
  if (tally.failed > 0) {
    console.log(`Again: npm run fuzz -- --seed ${seed} --only NUMBER`);
  }
  console.log(
    `${seconds.toFixed(0)} s, ${((last - first) / seconds).toFixed(0)} bodies a second, seed ${seed}`,
  );
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
}
