// `npm run clis`: Claude Code, Codex and Gemini CLI, as npm has them, are let loose on the built gateway. The simulator
// plays their model, at home and at foreign vendors, and has each of them do real work with its own tools: write a file,
// then read it together with one that only the disk knows. One line a case; ends with `N passed, N failed`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRAMS } from '../test/clis/programs.mjs';
import { alone } from './alone.mjs';
import { startBuiltGateway } from './built-gateway.mjs';
import { cachedPackages } from './cached-packages.mjs';

const RUN_MS = 120_000;
const CONTENT = 'Grüße, 世界 👋\n"quoted" \\ and a second line\n';
const { claudeCode, codex, codexScripts, codexScriptsAbroad, geminiCli } = PROGRAMS;

const CASES = [
  [claudeCode, 'claude-sonnet-5-5', 'anthropic'],
  [claudeCode, 'openai/gpt-5-mini', 'openai'],
  [claudeCode, 'google/gemini-3.1-pro-preview', 'google'],
  [codex, 'gpt-5-mini', 'openai'],
  [codex, 'anthropic/claude-sonnet-5-5', 'anthropic'],
  [codex, 'google/gemini-3.1-pro-preview', 'google'],
  [codexScripts, 'gpt-6.1-sol', 'openai'],
  [codexScriptsAbroad, 'openrouter/gpt-6.1-sol', 'openrouter'],
  [geminiCli, 'gemini-2.5-flash', 'google'],
  [geminiCli, 'anthropic/claude-sonnet-4-5', 'anthropic'],
  [geminiCli, 'openai/gpt-5-mini', 'openai'],
];

/**
 * @param {(name: string, passed: boolean) => void} count told of each case
 * @param {(line: string) => void} skip told when the programs cannot be had
 */
export async function clis(count, skip) {
  let modules;
  try {
    modules = join(cachedPackages('clis', 'test/clis'), 'node_modules');
  } catch (error) {
    skip(`Claude Code, Codex, Gemini CLI: NOT RUN (${error.message})`);
    return;
  }
  const gateway = await startBuiltGateway();
  try {
    for (const [program, model, vendor] of CASES) {
      const name = `${program.name} with ${model}`;
      try {
        await work(program, model, vendor, { gateway, modules });
        count(name, true);
      } catch (error) {
        count(name, false);
        console.error(error.message);
      }
    }
  } finally {
    await gateway.stop();
  }
}

/** @throws {Error} that says what did not hold */
async function work(program, model, vendor, { gateway, modules }) {
  // Its real path: programs take a file for foreign when it seems to lie elsewhere.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'clis-')));
  try {
    const { key, calls } = await gateway.project(`${program.name} ${model}`);
    const place = {
      modules,
      url: gateway.url,
      key,
      model,
      home: join(folder, 'home'),
      work: join(folder, 'work'),
    };
    const secret = randomUUID();
    prepare(program, place, secret);
    const { code, output, errors } = await run(program, place);
    const told = `${output}\n${errors}`.replaceAll(key, 'pk_…');
    assert.equal(code, 0, `It ended with ${code}:\n${told}`);
    const hello = join(place.work, 'hello.txt');
    assert.ok(existsSync(hello), `There is no hello.txt:\n${told}`);
    assert.equal(readFileSync(hello, 'utf8'), CONTENT, 'hello.txt has another content.');
    const words = program.lastWords(output, place);
    // What came of the last call went to the model, and its words came back.
    assert.ok(words.includes(secret), `The last words do not tell what only the disk knew:\n${words}`);
    checkCalls(await calls(), vendor);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare(program, place, secret) {
  mkdirSync(place.work, { recursive: true });
  writeFileSync(join(place.work, 'secret.txt'), `${secret}\n`);
  for (const [path, content] of Object.entries(program.files(place))) {
    const file = join(place.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content.replaceAll(/^ +/gm, ''));
  }
}

async function run(program, place) {
  const [command, ...parameters] = program.command(place, promptFor(program, place));
  const child = spawn(command, parameters, {
    cwd: place.work,
    env: {
      PATH: process.env.PATH,
      HOME: place.home,
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
      ...program.env(place),
    },
    // A group of its own, with whatever its tools start.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { output: '', errors: '' };
  child.stdout.on('data', chunk => (told.output += chunk));
  child.stderr.on('data', chunk => (told.errors += chunk));
  const timer = setTimeout(() => endGroup(child), RUN_MS);
  const [code, signal] = await once(child, 'close');
  clearTimeout(timer);
  endGroup(child);
  return { code: signal === null ? code : `${signal} (after at most ${RUN_MS / 1000} seconds)`, ...told };
}

function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left of it.
  }
}

/** What the simulator is told is a tool loop of the program's own tools. */
function promptFor(program, { work }) {
  const calls = [
    program.write({ path: join(work, 'hello.txt'), content: CONTENT }),
    program.shell('cat hello.txt secret.txt'),
  ];
  const steps = calls.map(([tool, input]) => {
    const said = typeof input === 'string' ? input : JSON.stringify(input);
    return `[[sim:step ${tool} ${said}]]`;
  });
  return `Write hello.txt, then read both files. ${steps.join(' ')}`;
}

function checkCalls({ records, asked }, vendor) {
  assert.ok(asked >= 3, `The vendor was asked ${asked} times only.`);
  assert.equal(records.length, asked, 'There is one usage record for each request to the vendor.');
  for (const { status, outcome, provider, inputTokens, outputTokens } of records) {
    assert.deepEqual({ status, outcome, provider }, { status: 200, outcome: 'completed', provider: vendor });
    assert.ok(inputTokens > 0 && outputTokens > 0, 'Each call has tokens.');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await alone(clis);
}
