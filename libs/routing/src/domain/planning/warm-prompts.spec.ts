import { TestClock } from '../../../../../test/support/test-clock.js';
import { type PromptMarks, WarmPrompts } from './warm-prompts.js';

const TARGET = 'openai/gpt-5';
const LONG = 'You are a helpful assistant. '.repeat(200); // 5800 characters, 1450 tokens

const user = (content: string) => ({ role: 'user', content });
const chat = (system: string, ...said: string[]) => ({
  messages: [{ role: 'system', content: system }, ...said.map(user)],
});

describe('WarmPrompts', () => {
  let clock: TestClock;
  let warm: WarmPrompts;

  beforeEach(() => {
    clock = new TestClock();
    warm = new WarmPrompts(clock);
  });

  function marksOf(body: object, tokens = 2000, project = 'project'): PromptMarks {
    const marks = warm.marksOf(project, { ...body }, tokens);
    if (!marks) {
      throw new Error('The prompt is too short.');
    }
    return marks;
  }

  it('knows no prompt that is too short to be cached', () => {
    expect(warm.marksOf('project', chat(LONG, 'Hi'), 1023)).toBeNull();
    expect(warm.marksOf('project', chat(LONG, 'Hi'), 1024)).not.toBeNull();
  });

  it('knows where a conversation went, however it went on', () => {
    warm.note(TARGET, marksOf(chat(LONG, 'Hi'), 2000));
    const later = marksOf(chat(LONG, 'Hi', 'And now?'), 3000);

    expect(warm.at(TARGET, later)).toBe(2000);
    expect(warm.at('anthropic/claude-sonnet-5', later)).toBe(0);
    warm.note(TARGET, later);
    expect(warm.at(TARGET, later)).toBe(3000);
  });

  it('expects of another conversation what its application always says first', () => {
    const first = marksOf(chat(LONG, 'Hi'), 5000);
    warm.note(TARGET, first);
    const other = marksOf(chat(LONG, 'Good morning'), 5000);

    expect(first.sharedTokens).toBeGreaterThanOrEqual(LONG.length / 4);
    expect(first.sharedTokens).toBeLessThan(LONG.length / 4 + 20);
    expect(warm.at(TARGET, other)).toBe(first.sharedTokens);
  });

  it('expects nothing of what is shared but short', () => {
    const short = marksOf(chat('Be brief.', 'Hi'));
    warm.note(TARGET, short);

    expect(short.shared).toBeNull();
    expect(warm.at(TARGET, short)).toBe(2000);
    expect(warm.at(TARGET, marksOf(chat('Be brief.', 'Good morning')))).toBe(0);
  });

  it('never expects more than the prompt has', () => {
    warm.note(TARGET, marksOf(chat(LONG, 'Hi'), 9000));
    expect(warm.at(TARGET, marksOf(chat(LONG, 'Hi'), 1500))).toBe(1500);
    expect(marksOf(chat(LONG, 'Hi'), 1024).sharedTokens).toBe(1024);
  });

  it.each<[string, object, object]>([
    ['Messages', { system: LONG, messages: [user('Hi')] }, { system: LONG, messages: [user('Bye')] }],
    ['Responses', { instructions: LONG, input: 'Hi' }, { instructions: LONG, input: [user('Bye')] }],
    [
      'Gemini',
      { systemInstruction: { parts: [{ text: LONG }] }, contents: [{ parts: [{ text: 'Hi' }] }] },
      { systemInstruction: { parts: [{ text: LONG }] }, contents: [{ parts: [{ text: 'Bye' }] }] },
    ],
    [
      'a developer message',
      { messages: [{ role: 'developer', content: LONG }, user('Hi')] },
      { messages: [{ role: 'developer', content: LONG }, user('Bye')] },
    ],
    [
      'tools',
      { tools: [{ name: LONG }], messages: [user('Hi')] },
      { tools: [{ name: LONG }], messages: [user('Bye')] },
    ],
  ])('sees what is shared in %s', (_, one, other) => {
    const marks = [marksOf(one), marksOf(other)];

    expect(marks[0]?.shared).not.toBeNull();
    expect(marks[0]?.shared).toBe(marks[1]?.shared);
    expect(marks[0]?.own).not.toBe(marks[1]?.own);
  });

  it('takes a first user message for no part of what is shared', () => {
    expect(marksOf({ messages: [user(LONG)] }).shared).toBeNull();
  });

  it('minds no body that has nothing to say, or something else', () => {
    for (const body of [{}, { messages: [] }, { messages: 'text' }, { input: null }, { messages: [null] }]) {
      expect(marksOf(body)).toMatchObject({ shared: null, tokens: 2000 });
    }
  });

  it('keeps the prompts of projects apart', () => {
    warm.note(TARGET, marksOf(chat(LONG, 'Hi'), 2000, 'one'));
    expect(warm.at(TARGET, marksOf(chat(LONG, 'Hi'), 2000, 'other'))).toBe(0);
  });

  it('keeps no text of a prompt in its marks', () => {
    expect(JSON.stringify(marksOf(chat(LONG, 'my secret')))).not.toMatch(/secret|helpful/);
  });

  it('forgets after five minutes, counted from the last time', () => {
    const marks = marksOf(chat(LONG, 'Hi'));
    warm.note(TARGET, marks);
    clock.advance(299_999);
    expect(warm.at(TARGET, marks)).toBe(2000);
    warm.note(TARGET, marks);
    clock.advance(299_999);
    expect(warm.at(TARGET, marks)).toBe(2000);
    clock.advance(1);
    expect(warm.at(TARGET, marks)).toBe(0);
  });

  it('claims only what is shared of two conversations that differ too late to tell', () => {
    const huge = LONG.repeat(4);
    const first = marksOf(chat(huge, 'Hi'), 50_000);
    warm.note(TARGET, first);

    expect(warm.at(TARGET, marksOf(chat(huge, 'Good morning'), 50_000))).toBe(first.sharedTokens);
  });
});
