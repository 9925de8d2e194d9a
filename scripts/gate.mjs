// `npm test`: everything that must hold before a change is good. Ends with the line `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { clis } from './clis.mjs';
import { imageSteps } from './image-steps.mjs';
import { lanes } from './lanes.mjs';
import { monitoring } from './monitoring.mjs';
import { newcomer } from './newcomer.mjs';
import { packaging } from './packaging.mjs';
import { startTestStores } from './test-stores.mjs';

/** End-to-end tests that need not run on a second store, and why. */
const WITHOUT_A_STORE = {
  'semantic-report': 'a model and the words of questions; what is stored of projects is tested elsewhere',
  'swagger-ui': 'the API pages, which the compiler makes',
  dashboard: 'pages, which ask the management API; what is stored is tested there',
  'new-provider': 'the schematic, on a copy of the sources',
  matrix: 'SDKs and vendors; what is stored of their calls is tested elsewhere',
  'audio-': 'uploads that are refused, and a recogniser; what is stored of calls is tested elsewhere',
  upgrade: 'the file of SQLite that the first release left',
  'store-outage': 'it runs on servers of its own in the first run',
  'realtime(?!-money)': 'sessions; what is stored of their answers is tested in realtime-money',
  '(transcription(?!-history)|translation|speech)':
    'vendors and their words; what is stored of their calls is tested elsewhere',
  '(chat|messages|generate-content|completions|embed|images|moderations|rerank|responses-(failures|tools))':
    'endpoints and their words; what is stored of their calls is tested in usage, cost, kept and budgets',
  '(stream|mid-stream|abort-reach|chaos-(abort|all-down|brown|hedging|one-vendor|retry|streams|wishes))':
    'vendors in trouble, and callers who leave; chaos-bill and chaos-outage have their money on each store',
  '(http-limits|hostile|smuggling|unread-bodies|byte-order-mark|tls|vendor-|simulated-vendors|unknown-members)':
    'bytes of HTTP and of JSON, before or behind what a store is asked for',
  '(semantic-)?cache-gateways': 'they run on servers of their own in the first run',
  'health-shared': 'it runs on every server in the first run',
  'limits-shared': 'it runs on a server in the first run',
  draining: 'callers of a process that ends; what it has not stored yet is tested in process and usage-spool',
  'prompt-passes':
    'prompts, and what vendors are told of them; what is stored of their calls is tested elsewhere',
  'cache-(dialects|heard|requests|retold|tasks-shared)':
    'answers that are kept in memory; cache-stores and cache-shared have those in a store',
  '(chaos|token)-limits': 'limits that are counted in memory; limits-shared has the others',
  '(active-probes|brute-force|browser-rules|cloud-vendors|cost-matrix|plain-models|routing-(names|tasks)|secret-scan)':
    'where calls go, what they cost there, and who may make them; what is stored of them is tested elsewhere',
};

/** MySQL shares its adapters with PostgreSQL, which runs them all: here those whose subject is what a store keeps. */
const ON_MYSQL = '/test/(admin-(?!fuzz|routing-explain)|conversations|decision-size|kept-|key|process|usage)';
/** The stores that the end-to-end tests run on again, and which of them. */
const OTHER_STORES = { mongodb: [], postgres: [], mysql: [ON_MYSQL] };

/** `failures` and `skipped` hold names, for the last lines. */
const tally = { passed: 0, failed: 0, failures: [], skipped: [] };

/** Each step runs even after a failure, so that one run shows all there is to mend. */
function step(name, ...command) {
  console.log(`\n── ${name}`);
  count(name, spawnSync('npm', command, { stdio: 'inherit' }).status === 0);
}

function count(name, passed) {
  console.log(`${passed ? '✓' : '✗'} ${name}`);
  if (passed) {
    tally.passed += 1;
  } else {
    fail(name);
  }
}

function fail(name) {
  tally.failed += 1;
  tally.failures.push(name);
}

/** Does not block meanwhile: what the stores print must be read, else they stand still when a pipe is full. */
async function jest(name, env, ...parameters) {
  console.log(`\n── ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'gate-'));
  const report = join(folder, 'jest.json');
  const flags = ['--json', '--outputFile', report, ...parameters];
  const runner = spawn('npm', ['run', '-s', 'jest', '--', ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [status] = await once(runner, 'exit');
  try {
    const found = JSON.parse(readFileSync(report, 'utf8'));
    const failures = failedIn(found.testResults);
    tally.passed += found.numPassedTests;
    failures.forEach(failure => fail(`${name}: ${failure}`));
    tally.skipped.push(...skippedTests(found.testResults));
    if (status !== 0 && failures.length === 0) {
      count('the test runner ends well', false);
    }
  } catch {
    count('the test runner reports', false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a newcomer's machine cannot run is told; in CI it fails. */
function missing(line) {
  console.log(`\n!! ${line}`);
  tally.skipped.push(line);
  if (process.env.CI === 'true') {
    count(line, false);
  }
}

/** All tests, those of repositories on every store; then the end-to-end tests again on each server. */
async function tests() {
  const stores = await startTestStores();
  stores.lines.forEach(line => console.log(line));
  stores.missing.forEach(missing);
  try {
    await jest('tests', stores.env);
    const others = Object.keys(WITHOUT_A_STORE).map(name => `test/${name}`);
    const patterns = ['<rootDir>/apps/', '<rootDir>/libs/', ...others];
    const ignored = patterns.flatMap(pattern => ['--testPathIgnorePatterns', pattern]);
    for (const [store, which] of Object.entries(OTHER_STORES)) {
      if (stores.env[`${store.toUpperCase()}_TEST_URI`]) {
        const env = { ...stores.env, TEST_STORE: store };
        await jest(`end-to-end tests on ${store}`, env, ...which, ...ignored);
      }
    }
  } finally {
    await stores.stop();
  }
}

/** Also suites that cannot even start, and so have no tests to count. */
function failedIn(suites) {
  return suites.flatMap(({ name, status, assertionResults }) => {
    const file = relative(process.cwd(), name);
    const failed = assertionResults.filter(test => test.status === 'failed');
    const isBroken = status === 'failed' && failed.length === 0;
    return isBroken ? [file] : failed.map(test => `${file}: ${test.fullName}`);
  });
}

function skippedTests(suites) {
  const tests = suites.flatMap(({ assertionResults }) => assertionResults);
  return tests.filter(({ status }) => status === 'pending' || status === 'todo').map(test => test.fullName);
}

step('package-lock.json fits package.json', 'ci', '--dry-run', '--offline', '--no-audit', '--loglevel=error');
step('types', 'run', '-s', 'check');
step('lint', 'run', '-s', 'lint');
step('build', 'run', '-s', 'build');
step('fuzz', 'run', '-s', 'fuzz', '--', '--bodies', '15000', '--seed', '20261126');
await tests();

console.log('\n── Claude Code, Codex and Gemini CLI');
await clis(count, missing);

console.log('\n── AI SDK and LangChain.js');
await lanes(count, missing);

console.log('\n── packaging');
packaging(count, missing);
await imageSteps(count);

console.log('\n── monitoring');
await monitoring(count, missing);

if (process.env.CI === 'true') {
  console.log('\n── the two minutes of a newcomer');
  await newcomer(count);
} else {
  tally.skipped.push('the two minutes of a newcomer, on a fresh clone (CI=true runs them)');
}

for (const name of tally.failures) {
  console.log(`FAILED ${name}`);
}
for (const name of tally.skipped) {
  console.log(`SKIPPED ${name}`);
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed === 0 ? 0 : 1);
