import type { CachedAnswer } from './cached-answer.entity.js';
import { AnswerMemory } from './answer-memory.js';

const MIB = 1024 ** 2;
const OVERHEAD_BYTES = 1024 + 8;

describe('the memory of answers', () => {
  it('keeps what it is given, by project and key', () => {
    const memory = new AnswerMemory(MIB);
    const answer = anAnswer('a', 'k');
    memory.set(answer);

    expect(memory.get('a', 'k')).toBe(answer);
    expect(memory.get('b', 'k')).toBeNull();
    expect(memory.get('a', 'other')).toBeNull();
  });

  it('gives up what was not used for the longest time', () => {
    const memory = holding(3);
    ['1', '2', '3'].forEach(key => memory.set(anAnswer('a', key)));
    memory.get('a', '1');
    memory.set(anAnswer('a', '4'));

    expect(keysOf(memory, 'a')).toEqual(['1', '3', '4']);
  });

  it('never holds more bytes than it may, whatever comes', () => {
    const memory = new AnswerMemory(10_000);
    for (let index = 0; index < 500; index += 1) {
      memory.set(anAnswer(`project ${index % 7}`, `key ${index % 31}`, (index * 37) % 4000));
      expect(memory.bytes).toBeLessThanOrEqual(10_000);
    }
    for (let index = 0; index < 7; index += 1) {
      memory.purge(`project ${index}`, () => true);
    }
    expect(memory.bytes).toBe(0);
  });

  it('replaces an answer, and counts the new one alone', () => {
    const memory = new AnswerMemory(MIB);
    memory.set(anAnswer('a', 'k', 1000));
    const newer = anAnswer('a', 'k', 10);
    memory.set(newer);

    expect(memory.get('a', 'k')).toBe(newer);
    expect(memory.bytes).toBe(10 + OVERHEAD_BYTES);
  });

  it('does not keep what is larger than all of it, nor what that was to replace', () => {
    const memory = new AnswerMemory(5000);
    memory.set(anAnswer('a', 'k'));
    memory.set(anAnswer('a', 'k', 5000));

    expect(memory.get('a', 'k')).toBeNull();
    expect(memory.bytes).toBe(0);
  });

  it('keeps nothing without room', () => {
    const memory = new AnswerMemory(0);
    memory.set(anAnswer('a', 'k', 0));

    expect(memory.get('a', 'k')).toBeNull();
  });

  it('lets one project have all while it is alone, and makes room at its cost for others', () => {
    const memory = holding(10);
    for (let index = 0; index < 10; index += 1) {
      memory.set(anAnswer('large', `${index}`));
    }
    expect(keysOf(memory, 'large')).toHaveLength(10);

    ['x', 'y', 'z'].forEach(key => memory.set(anAnswer('small', key)));
    for (let index = 10; index < 100; index += 1) {
      memory.set(anAnswer('large', `${index}`));
    }

    expect(keysOf(memory, 'small')).toEqual(['x', 'y', 'z']);
    expect(keysOf(memory, 'large')).toHaveLength(7);
  });

  it('forgets what it is told to, of one project', () => {
    const memory = new AnswerMemory(MIB);
    ['1', '2', '3'].forEach(key => memory.set(anAnswer('a', key)));
    memory.set(anAnswer('b', '1'));

    expect(memory.purge('a', ({ key }) => key !== '2')).toBe(2);
    expect(keysOf(memory, 'a')).toEqual(['2']);
    expect(keysOf(memory, 'b')).toEqual(['1']);
    expect(memory.purge('c', () => true)).toBe(0);
  });
});

/** A memory for so many answers without a body. */
function holding(answers: number): AnswerMemory {
  return new AnswerMemory(answers * OVERHEAD_BYTES);
}

function keysOf(memory: AnswerMemory, projectId: string): string[] {
  const keys: string[] = [];
  memory.purge(projectId, ({ key }) => {
    keys.push(key);
    return false;
  });
  return keys.toSorted();
}

function anAnswer(projectId: string, key: string, bytes = 0): CachedAnswer {
  return {
    key,
    projectId,
    namespace: '',
    vendor: 'openai',
    model: 'gpt-5',
    dialect: 'openai-chat',
    contentType: 'application/json',
    body: Buffer.alloc(bytes),
    pieces: [bytes],
    callId: 'call',
    keptAt: 0,
    expiresAt: 1000,
    inputTokens: 1,
    outputTokens: 1,
    costNanoUsd: 1,
    simulated: false,
  };
}
