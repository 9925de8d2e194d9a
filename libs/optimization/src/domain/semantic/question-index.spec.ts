import type { Clock } from '@app/shared';
import { gistOf } from './gist.js';
import { type AnsweredQuestion, QuestionIndex, unitVector } from './question-index.js';

type Asked = Omit<AnsweredQuestion, 'expiresAt'>;

const clock = { time: 0, now: () => clock.time } as unknown as Clock & { time: number };
const HOUR = 3_600_000;

beforeEach(() => {
  clock.time = 1000;
});

describe('the index of questions', () => {
  it('tells those of a room that are near, the nearest first, and at most five', () => {
    const index = new QuestionIndex(clock);
    const angles = [0.9, 0.1, 0.5, 0.3, 0.7, 0.2, 0.4];
    angles.forEach(angle => index.add(question(`${angle}`, { angle }), HOUR));
    const near = index.nearest('room', vector(0));

    expect(near.map(({ question: { key } }) => key)).toEqual(['0.1', '0.2', '0.3', '0.4', '0.5']);
    expect(near[0]?.similarity).toBeCloseTo(Math.cos(0.1));
  });

  it('compares nothing across rooms, models or lengths', () => {
    const index = new QuestionIndex(clock);
    index.add(question('room', { room: 'another' }), HOUR);
    index.add(question('model', { model: 'v/other' }), HOUR);
    index.add(question('length', { extra: [0] }), HOUR);

    expect(index.nearest('room', vector(0))).toEqual([]);
  });

  it('lets go of what has expired, and of what a project had', () => {
    const index = new QuestionIndex(clock);
    index.add(question('short'), 10);
    index.add(question('long', { angle: 0.1 }), HOUR);
    index.add(question('other', { projectId: 'b', angle: 0.2 }), HOUR);
    clock.time += 10;
    expect(keysNear(index)).toEqual(['long', 'other']);
    index.forget('a');
    expect(keysNear(index)).toEqual(['other']);
    index.forget('b');

    expect(index.bytes).toBe(0);
  });

  it('has one question by each key', () => {
    const index = new QuestionIndex(clock);
    index.add(question('k'), HOUR);
    const { bytes } = index;
    index.add(question('k', { angle: 0.2 }), HOUR);

    expect(index.nearest('room', vector(0.2))).toMatchObject([{ similarity: expect.closeTo(1) }]);
    expect(index.bytes).toBe(bytes);
  });

  it('gives up what was of no use for the longest time when a room is full', () => {
    const index = new QuestionIndex(clock, 1_000_000, 3);
    ['0', '1', '2'].forEach(key => index.add(question(key), HOUR));
    const [first] = index.nearest('room', vector(0)).filter(near => near.question.key === '0');
    index.touch(first?.question as AnsweredQuestion);
    index.add(question('3'), HOUR);

    expect(keysNear(index).toSorted()).toEqual(['0', '2', '3']);
  });

  it('never has more bytes than it may, and takes them from whoever has most', () => {
    const index = new QuestionIndex(clock, 20_000);
    index.add(question('small', { projectId: 'b', room: 'b' }), HOUR);
    for (let count = 0; count < 100; count += 1) {
      index.add(question(`k${count}`), HOUR);
      expect(index.bytes).toBeLessThanOrEqual(20_000);
    }
    expect(keysNear(index, 'b')).toEqual(['small']);
    expect(keysNear(index)).toHaveLength(5);
  });

  it('takes none that is larger than all it may have', () => {
    const index = new QuestionIndex(clock, 100);
    index.add(question('k'), HOUR);

    expect(index.bytes).toBe(0);
    expect(keysNear(index)).toEqual([]);
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

function question(
  key: string,
  more: Partial<Asked> & { angle?: number; model?: string; extra?: number[] } = {},
): Asked {
  const { projectId = 'a', room = 'room', angle = 0, model = 'v/m', extra = [] } = more;
  return {
    projectId,
    key,
    room,
    callId: 'c',
    gist: gistOf('What is it?'),
    vector: vector(angle, model, extra),
  };
}

function vector(angle: number, model = 'v/m', extra: number[] = []): Asked['vector'] {
  return { numbers: Float32Array.of(Math.cos(angle), Math.sin(angle), ...extra), model };
}

function keysNear(index: QuestionIndex, room = 'room'): string[] {
  return index.nearest(room, vector(0)).map(({ question: { key } }) => key);
}
