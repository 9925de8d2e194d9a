import { stat } from 'node:fs/promises';
import { standStill } from '../../../../test/support/stand-still.js';
import { DeadlineError, within } from './deadline.js';

/** Questions, each of which is asked when the one before is answered, by other threads than this. */
async function answers(count: number): Promise<number> {
  for (let n = 0; n < count; n += 1) {
    await stat('.');
  }
  return count;
}

describe('a deadline', () => {
  it('gives up what does not answer', async () => {
    await expect(within(40, new Promise(() => undefined))).rejects.toThrow(new DeadlineError(40));
  });

  it('passes on what the work gives, or throws', async () => {
    await expect(within(1000, answers(1))).resolves.toBe(1);
    await expect(within(1000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('counts no standstill of the process itself, so that work of several questions can go on', async () => {
    const work = within(400, answers(6));
    standStill(600);

    await expect(work).resolves.toBe(6);
  });

  it('counts a second standstill as little', async () => {
    const work = within(
      400,
      answers(1).then(() => (standStill(600), answers(3))),
    );
    standStill(600);

    await expect(work).resolves.toBe(3);
  });
});
