// `npm run matrix`: every official SDK in front of every vendor, a line for each case; ends with `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'matrix-'));
const report = join(folder, 'jest.json');
const flags = ['--verbose', '--json', '--outputFile', report, 'test/matrix', ...process.argv.slice(2)];
try {
  spawnSync('npm', ['run', '-s', 'jest', '--', ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  console.log(`\n${numPassedTests} passed, ${failed} failed`);
  process.exitCode = failed === 0 && numPassedTests > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
