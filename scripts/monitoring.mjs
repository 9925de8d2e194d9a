// Holds what is shipped for Prometheus and Grafana against the metrics of the built gateway: Debian's promtool reads these, the alerts
// and their tests; every metric that alerts and dashboard ask for must be there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { aptInstall } from './apt-install.mjs';
import { startBuiltGateway } from './built-gateway.mjs';

const ALERTS = 'deploy/prometheus/alerts.yml';
const ALERT_TESTS = 'deploy/prometheus/alerts.test.yml';
const DASHBOARD = 'deploy/grafana/gateway.json';
const METRIC = /\b(?:llmhub|nodejs|process)_[a-z0-9_]+/g;
/** promtool's word for metrics that can be read, but are named in an unusual way: some of Node's usual ones are. */
const LINT = 3;

/**
 * @param {(name: string, passed: boolean) => void} count told of each check
 * @param {(line: string) => void} skip told when promtool cannot be had
 */
export async function monitoring(count, skip) {
  try {
    if (promtool(['--version']).error) {
      aptInstall('prometheus');
    }
  } catch (error) {
    skip(`promtool: NOT RUN (${error.message})`);
    return;
  }
  count('alerts are rules', passes(promtool(['check', 'rules', ALERTS])));
  count('alerts are raised when they should be', passes(promtool(['test', 'rules', ALERT_TESTS])));
  const metrics = await metricsAfterCalls();
  count('metrics are what Prometheus reads', areWellFormed(metrics));
  for (const file of [ALERTS, DASHBOARD]) {
    const missing = namesIn(readFileSync(file, 'utf8')).difference(told(metrics));
    missing.forEach(name => console.log(`${file} asks for ${name}, which the gateway does not tell.`));
    count(`${file} asks for what there is`, missing.size === 0);
  }
}

async function metricsAfterCalls() {
  const gateway = await startBuiltGateway();
  try {
    const { key } = await gateway.project('monitoring');
    for (const stream of [false, true]) {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'gpt-4o-mini',
          stream,
          messages: [{ role: 'user', content: 'hello' }],
        }),
      });
      await response.text();
    }
    return await gateway.metrics();
  } finally {
    await gateway.stop();
  }
}

function areWellFormed(metrics) {
  const { status, stderr } = promtool(['check', 'metrics'], metrics);
  const ours = stderr.split('\n').filter(line => line.includes('llmhub_'));
  ours.forEach(line => console.log(line));
  return (status === 0 || status === LINT) && ours.length === 0;
}

function promtool(parameters, input = '') {
  return spawnSync('promtool', parameters, { encoding: 'utf8', input });
}

function passes({ status, stdout, stderr }) {
  if (status !== 0) {
    console.log(stdout, stderr);
  }
  return status === 0;
}

/** Without the endings of histograms. */
function namesIn(text) {
  return new Set([...text.matchAll(METRIC)].map(([name]) => name.replace(/_(bucket|sum|count)$/, '')));
}

function told(metrics) {
  return new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
}
