// The steps of the Dockerfile without Docker: the production install and the release build in a folder of their own,
// started as the image starts it, as a user without rights where this machine can. No image is built and no base image
// pulled, which the output says.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

/** The user `node` of the base image. */
const USER = 1000;
const START_MS = 30_000;
/** The layers of ours; with the base image the whole stays below 250 MB. */
const MAX_LAYER_MB = 100;

/** Calls `count(name, passed)` once for each step. */
export async function imageSteps(count) {
  const root = mkdtempSync(join(tmpdir(), 'image-'));
  const app = join(root, 'app');
  const data = join(root, 'data');
  let gateway;
  try {
    chmodSync(root, 0o755);
    install(app);
    for (const script of ['gateway.sh', 'health.mjs']) {
      cpSync(join('scripts', script), join(app, 'scripts', script));
    }
    count('image: production install and release build', true);

    const megabytes = layerMegabytes(app);
    console.log(
      `image: our layers are ${megabytes.toFixed(0)} MB compressed; no image was built, no base image pulled`,
    );
    count(`image: our layers stay below ${MAX_LAYER_MB} MB`, megabytes < MAX_LAYER_MB);

    const env = await environment(data);
    gateway = start(app, data, env);
    count(
      'image: the gateway starts as a user without rights and is healthy',
      await isHealthy(app, env, gateway),
    );
    gateway.kill('SIGTERM');
    const code = gateway.exitCode ?? (await new Promise(done => gateway.once('exit', done)));
    count('image: SIGTERM ends it well', code === 0);
  } catch (error) {
    count(`image: ${error.message}`, false);
  } finally {
    gateway?.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  }
}

function install(app) {
  mkdirSync(app);
  for (const file of ['package.json', 'package-lock.json', 'libs/schematics/package.json']) {
    cpSync(file, join(app, file));
  }
  const flags = ['--omit=dev', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  execFileSync('npm', ['ci', ...flags], { cwd: app, stdio: 'inherit' });
  execFileSync('npm', ['run', '-s', 'build:release'], { stdio: 'inherit' });
  cpSync('dist', join(app, 'dist'), { recursive: true });
}

/** What `COPY` makes of it, as a registry keeps it. */
function layerMegabytes(app) {
  const folders = ['package.json', 'node_modules', 'dist', 'scripts'];
  const archive = spawnSync('tar', ['-cz', '-C', app, ...folders], { maxBuffer: 2 ** 30 });
  return archive.stdout.length / 1e6;
}

async function environment(data) {
  return {
    PATH: process.env.PATH,
    AI_GATEWAY_DATA_DIR: data,
    AI_GATEWAY_SERVER_PORT: String(await freePort()),
    AI_GATEWAY_SIMULATOR_PORT: String(await freePort()),
  };
}

function start(app, data, env) {
  mkdirSync(data, { mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    execFileSync('chown', [`${USER}:${USER}`, data]);
  }
  return spawn('scripts/gateway.sh', {
    cwd: app,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    ...(isRoot && { uid: USER, gid: USER }),
  });
}

/** By the image's own check. */
async function isHealthy(app, env, gateway) {
  const deadline = Date.now() + START_MS;
  while (gateway.exitCode === null && Date.now() < deadline) {
    if (spawnSync(process.execPath, ['scripts/health.mjs'], { cwd: app, env }).status === 0) {
      return true;
    }
    await delay(200);
  }
  return false;
}
