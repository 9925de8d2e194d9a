// The two minutes of a newcomer, really done: a fresh clone, `./run.sh run`, and what the terminal and the README tell
// them to paste. Needs git, curl and bash besides Node.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { freePort } from '../test/support/free-port.ts';

const INSTALL_AND_BUILD_MS = 10 * 60_000;
const STOP_MS = 30_000;
const SECRET = /\b[pa]k_[\w-]+/g;

/** Calls `report(name, passed)` once for each thing a newcomer sees. */
export async function newcomer(report) {
  const folder = mkdtempSync(join(tmpdir(), 'newcomer-'));
  const clone = join(folder, 'gateway');
  const ports = [await freePort(), await freePort()];
  const env = {
    ...bareEnvironment(),
    AI_GATEWAY_SERVER_PORT: `${ports[0]}`,
    AI_GATEWAY_SIMULATOR_PORT: `${ports[1]}`,
  };
  const origin = `http://127.0.0.1:${ports[0]}`;
  const started = [];
  const paste = line => pasteIn(clone, env, line);
  let welcome = '';
  const keyOf = kind => welcome.match(SECRET)?.find(key => key.startsWith(kind)) ?? '';

  async function check(name, body) {
    try {
      await body();
      report(name, true);
    } catch (error) {
      report(name, false);
      console.error(error);
    }
  }
  async function start() {
    const gateway = spawn('./run.sh', ['run'], {
      cwd: clone,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(gateway);
    return { gateway, output: await untilReady(gateway) };
  }
  async function stop(gateway) {
    // To the whole group, as the terminal does it.
    process.kill(-gateway.pid, 'SIGINT');
    const { code, signal } = await exitOf(gateway);
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, 'a clean end');
    await Promise.all(ports.map(assertFree));
  }

  try {
    let gateway;
    await check('a fresh clone installs, builds and starts', async () => {
      freshClone(clone);
      ({ gateway, output: welcome } = await start());
    });
    await check('the first start shows an admin key, a project key and a curl line', () => {
      assert.ok(keyOf('ak_') && keyOf('pk_'), 'both keys');
      assert.ok(curlLine(welcome).includes(keyOf('pk_')), 'a curl line with the project key');
    });
    await check('data/ is for the owner only', () => {
      assert.equal(statSync(join(clone, 'data')).mode & 0o777, 0o700);
    });
    await check('the curl line answers when pasted', () => {
      const answer = JSON.parse(paste(curlLine(welcome)));
      assert.equal(answer.object, 'chat.completion');
      assert.ok(answer.choices[0].message.content.length > 0);
      assert.ok(answer.usage.total_tokens > 0);
    });
    await check('the curl line streams with "stream": true', () => {
      const stream = paste(curlLine(welcome).replace("-d '{", `-N -d '{"stream": true, `));
      const events = stream.split('\n\n').filter(event => event.startsWith('data: '));
      assert.ok(events.length > 2, 'several events');
      assert.equal(events.at(-1), 'data: [DONE]');
      assert.equal(JSON.parse(events[0].slice(6)).object, 'chat.completion.chunk');
    });
    await check('the sample is transcribed', () => {
      const form = '-F file=@samples/hello.wav -F model=whisper-1';
      const authorization = `-H 'Authorization: Bearer ${keyOf('pk_')}'`;
      const answer = JSON.parse(paste(`curl ${form} ${authorization} ${origin}/v1/audio/transcribe`));
      assert.ok(answer.text.length > 0);
    });
    await check('a wrong key is refused', async () => {
      const response = await fetch(`${origin}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer pk_wrong', 'content-type': 'application/json' },
        body: '{"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hello"}]}',
      });
      assert.equal(response.status, 401);
    });
    await check('/dashboard/, /swagger-ui/, /health and /health/ready are there', async () => {
      for (const path of ['/dashboard/', '/swagger-ui/', '/health', '/health/ready']) {
        const response = await fetch(origin + path);
        assert.equal(response.status, 200, path);
      }
      assert.match(await (await fetch(`${origin}/swagger-ui/`)).text(), /swagger-ui/);
    });
    await check('Ctrl-C stops the gateway and the simulator, and frees both ports', () => stop(gateway));
    await check('the second start shows no secret and says where the data is', async () => {
      const second = await start();
      assert.equal(second.output.match(SECRET), null);
      assert.ok(second.output.includes(join(clone, 'data')), 'the path of data/');
      assert.equal(
        JSON.parse(paste(curlLine(welcome))).object,
        'chat.completion',
        'the first key still works',
      );
      await stop(second.gateway);
    });
  } finally {
    for (const { pid, exitCode, signalCode } of started) {
      if (exitCode === null && signalCode === null) {
        process.kill(-pid, 'SIGKILL');
      }
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without the pinned Node on the path, and without anybody's vendor keys or settings. */
function bareEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/_API_KEY$|^AI_GATEWAY_|^NODE_|^INIT_CWD$|^npm_(?!config_(registry|cache|userconfig)$)/.test(name),
  );
  const path = process.env.PATH.split(':').filter(folder => !folder.includes('node_modules'));
  return { ...Object.fromEntries(kept), PATH: path.join(':') };
}

function freshClone(target) {
  try {
    execFileSync('git', ['clone', '--quiet', '.', target], { stdio: ['ignore', 'inherit', 'pipe'] });
  } catch {
    // An exported tree has no history; its files alone do as well.
    const left = ['.git', 'node_modules', 'dist', 'data', 'coverage', '.cache', '.env'];
    cpSync('.', target, { recursive: true, filter: file => !left.includes(basename(resolve(file))) });
  }
}

function pasteIn(cwd, env, line) {
  return execFileSync('bash', ['-c', line], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function curlLine(welcome) {
  const line = welcome.split('\n').find(each => each.trim().startsWith('curl '));
  assert.ok(line, 'a line that starts with curl');
  return line.trim();
}

/** Resolves with what was printed once the health check answers; rejects when the process ends or takes too long. */
async function untilReady(gateway) {
  let output = '';
  gateway.stdout.on('data', chunk => (output += chunk));
  gateway.stderr.on('data', chunk => (output += chunk));
  const deadline = Date.now() + INSTALL_AND_BUILD_MS;
  while (!output.includes('/swagger-ui/')) {
    assert.equal(gateway.exitCode, null, `run.sh ended:\n${output}`);
    assert.ok(Date.now() < deadline, `no start within ten minutes:\n${output}`);
    await new Promise(next => setTimeout(next, 100));
  }
  return output;
}

function exitOf(child) {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error('Ctrl-C did not stop it')), STOP_MS);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      done({ code, signal });
    });
  });
}

function assertFree(port) {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(port, '127.0.0.1', () => server.close(done));
  });
}
