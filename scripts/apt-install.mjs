// With CI=true what a test needs is installed where it is missing; elsewhere it is only asked for.
import { execFileSync } from 'node:child_process';

const IS_ROOT = process.getuid?.() === 0;

/** @throws {Error} outside CI, with what to do */
export function aptInstall(name) {
  if (process.env.CI !== 'true') {
    throw new Error(`not installed; apt-get install ${name}`);
  }
  console.error(`Installing ${name} …`);
  const [file, ...flags] = [...(IS_ROOT ? [] : ['sudo', '-n']), 'apt-get'];
  for (const parameters of [['update'], ['install', '--yes', '--no-install-recommends', name]]) {
    execFileSync(file, [...flags, ...parameters], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}
