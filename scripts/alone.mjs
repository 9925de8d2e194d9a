/**
 * Runs a step of the gate by itself: a line a case, `N passed, N failed` at the end, and 1 for an exit code after a failure.
 *
 * @param {(count: (name: string, passed: boolean) => void, skip: (line: string) => void) => Promise<void>} step
 */
export async function alone(step) {
  const tally = { passed: 0, failed: 0 };
  const count = (name, passed) => {
    tally[passed ? 'passed' : 'failed'] += 1;
    console.log(`${passed ? '✓' : '✗'} ${name}`);
  };
  const skip = line => {
    console.log(`!! ${line}`);
    tally.failed += process.env.CI === 'true' ? 1 : 0;
  };
  await step(count, skip);
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.failed === 0 ? 0 : 1);
}
