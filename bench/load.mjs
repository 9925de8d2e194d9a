// Runs the load generator once.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestBody } from './scenarios.mjs';

/** What an answer must end with to count as good. */
const ENDING = { whole: 'total_tokens', stream: '[DONE]' };

/**
 * Loads a target for `seconds`, or with `requests` at most.
 *
 * @returns what loadgen prints: ok, bad, errors, rps, p50_ms, p99_ms, ttfb_p50_ms, cpu_s, …
 */
export function load({ url, headers = {} }, scenario, { folder, seconds, requests }) {
  const options = [
    ['--url', url],
    ['-c', `${scenario.connections}`],
    ['-d', `${seconds}`],
    ['-b', bodyFile(scenario, folder)],
    ['-e', scenario.stream ? ENDING.stream : ENDING.whole],
    ...(requests ? [['-n', `${requests}`]] : []),
    ...Object.entries(headers).map(([name, value]) => ['-H', `${name}: ${value}`]),
  ];
  return new Promise((done, fail) => {
    const loadgen = spawn(join(folder, 'loadgen'), options.flat(), { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let problem = '';
    loadgen.stdout.on('data', chunk => (out += chunk));
    loadgen.stderr.on('data', chunk => (problem += chunk));
    loadgen.on('close', code => {
      if (out === '') {
        fail(new Error(`loadgen ended with ${code}: ${problem}`));
      } else {
        done(JSON.parse(out));
      }
    });
  });
}

function bodyFile(scenario, folder) {
  const file = join(folder, `${scenario.name}.json`);
  if (!existsSync(file)) {
    writeFileSync(file, requestBody(scenario));
  }
  return file;
}
