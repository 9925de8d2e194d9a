import { TestClock } from '../../../../../test/support/test-clock.js';
import { aQuestion, vectorAt } from './fixtures.js';
import { MemoryQuestionIndex } from './memory-question-index.js';
import { unitVector } from './question-index.js';

const HOUR = 3_600_000;
const clock = new TestClock();

// What it has in common with the one in a store: `infrastructure/question-index.spec`.
describe('the index of questions in memory', () => {
  it('never has more bytes than it may, and takes them from whoever has most', async () => {
    const index = new MemoryQuestionIndex(clock, 20_000);
    index.add(aQuestion('small', { projectId: 'b', room: 'b' }), HOUR);
    for (let count = 0; count < 100; count += 1) {
      index.add(aQuestion(`k${count}`), HOUR);
      expect(index.bytes).toBeLessThanOrEqual(20_000);
    }
    await expect(keysNear(index, 'b')).resolves.toEqual(['small']);
    await expect(keysNear(index)).resolves.toHaveLength(5);
  });

  it('takes none that is larger than all it may have', async () => {
    const index = new MemoryQuestionIndex(clock, 100);
    index.add(aQuestion('k'), HOUR);

    expect(index.bytes).toBe(0);
    await expect(keysNear(index)).resolves.toEqual([]);
  });

  it('takes out a question whose answer is not there, and not the one that has its place', async () => {
    const index = new MemoryQuestionIndex(clock);
    index.add(aQuestion('k', { callId: 'later' }), HOUR);
    index.miss(aQuestion('k'));
    await expect(keysNear(index)).resolves.toEqual(['k']);
    index.miss(aQuestion('k', { callId: 'later' }));

    await expect(keysNear(index)).resolves.toEqual([]);
  });

  it('has room again for what is replaced, has expired, or is of a project that is gone', async () => {
    const index = new MemoryQuestionIndex(clock);
    index.add(aQuestion('k'), 10);
    const { bytes } = index;
    index.add(aQuestion('k', { angle: 0.2 }), 10);
    expect(index.bytes).toBe(bytes);

    index.add(aQuestion('other', { projectId: 'b' }), HOUR);
    clock.advance(10);
    await expect(keysNear(index)).resolves.toEqual(['other']);
    await index.deleteOf('b');
    expect(index.bytes).toBe(0);
  });
});

describe('a vector of length 1', () => {
  it('points where the numbers do', () => {
    expect([...(unitVector([3, 4]) ?? [])]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  });

  it.each([[[]], [[0, 0]], [[1e200, 1e200]]])('is none of %j', numbers => {
    expect(unitVector(numbers)).toBeNull();
  });
});

async function keysNear(index: MemoryQuestionIndex, room = 'room'): Promise<string[]> {
  return (await index.nearest({ room }, vectorAt(0))).map(({ question: { key } }) => key);
}
