// Runs the load generator once.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestBody } from './scenarios.mjs';

/** What an answer must end with to count as good, and what one from the cache says shortly before. */
const ENDING = { whole: 'total_tokens', stream: '[DONE]', cached: '"cached":true' };

/**
 * Loads a target for `seconds`, or with `requests` at most.
 *
 * @returns what loadgen prints: ok, bad, errors, rps, p50_ms, p99_ms, ttfb_p50_ms, cpu_s, …
 */
export function load(target, scenario, { folder, seconds, requests }) {
  const { url, headers, ending } = as(target, scenario);
  const options = [
    ['--url', url],
    ['-c', `${scenario.connections}`],
    ['-d', `${seconds}`],
    ['-b', bodyFile(scenario, folder)],
    ['-e', ending],
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

/** A target that keeps no answers is asked as ever. */
function as({ url, headers = {}, cachedHeaders }, { stream, cached }) {
  return cached && cachedHeaders
    ? { url, headers: cachedHeaders, ending: ENDING.cached }
    : { url, headers, ending: stream ? ENDING.stream : ENDING.whole };
}

function bodyFile(scenario, folder) {
  const file = join(folder, `${scenario.name}.json`);
  if (!existsSync(file)) {
    writeFileSync(file, requestBody(scenario));
  }
  return file;
}
