import { StoreSilence } from './store-silence.js';

const never = (): Promise<unknown> => new Promise(() => undefined);
const MS = 20;

async function silenced(ticks?: () => number): Promise<StoreSilence> {
  const silence = new StoreSilence(MS, ticks);
  await expect(silence.listen(never(), MS)).rejects.toThrow('within');
  return silence;
}

describe('a silent store', () => {
  it('is not waited for, but by one question a second', async () => {
    let later = 0;
    const silence = await silenced(() => performance.now() + later);
    expect(silence.isToBeAwaited()).toBe(false);
    later = 1001;

    expect([silence.isToBeAwaited(), silence.isToBeAwaited()]).toEqual([true, false]);
  });

  it('is waited for as soon as it answers anything', async () => {
    const silence = await silenced();
    await silence.listen(Promise.resolve(1), MS);

    expect(silence.isToBeAwaited()).toBe(true);
  });

  it('is none that answered others meanwhile, or refuses at once', async () => {
    const silence = new StoreSilence(MS);
    const slow = silence.listen(never(), MS);
    await silence.listen(Promise.resolve(1), MS);
    await expect(slow).rejects.toThrow('within');
    await expect(silence.listen(Promise.reject(new Error('refused')), MS)).rejects.toThrow('refused');

    expect(silence.isToBeAwaited()).toBe(true);
  });
});
