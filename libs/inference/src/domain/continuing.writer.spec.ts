import type { StreamEvent, StreamWriter } from '@app/dialects';
import { ContinuingWriter } from './continuing.writer.js';

const plain: StreamWriter = { write: event => (event.kind === 'text' ? event.text : `<${event.kind}>`) };

const text = (said: string): StreamEvent => ({ kind: 'text', choice: 0, text: said });
const start: StreamEvent = { kind: 'start', id: 'x', model: 'm' };

describe('the writer of an answer that several vendors give', () => {
  it('joins what the second says to what the first said, and is not introduced twice', () => {
    const writer = new ContinuingWriter(plain, false);
    const told = [start, text('Hello wor')].map(event => writer.write(event));
    expect(writer.said).toBe('Hello wor');
    writer.goOn('a/m', 'b/m');
    const reasoning: StreamEvent = { kind: 'reasoning', choice: 0, block: 0, text: 'hm' };
    told.push(...[start, reasoning, text('ld'), { kind: 'end' } as const].map(event => writer.write(event)));

    expect(told.join('')).toBe('<start>Hello world<end>');
    expect(writer.seams).toEqual([{ from: 'a/m', to: 'b/m', after_characters: 9 }]);
  });

  it('says white space at the seam once, though vendors take none at the end of what was said', () => {
    const writer = new ContinuingWriter(plain, false);
    writer.write(text('one \n'));
    expect(writer.said).toBe('one');
    writer.goOn('a/m', 'b/m');

    expect([text(' '), text('\ntwo'), text(' three')].map(event => writer.write(event))).toEqual([
      '',
      'two',
      ' three',
    ]);
    expect(writer.said).toBe('one \ntwo three');
  });

  it('tells of the seam with what first comes after it, once', () => {
    const written: StreamEvent[] = [];
    const writer = new ContinuingWriter({ write: event => (written.push(event), '') }, true);
    writer.write(text('one'));
    writer.goOn('a/m', 'b/m');
    [start, text(' two'), text(' three')].forEach(event => writer.write(event));

    const resumed = [{ from: 'a/m', to: 'b/m', after_characters: 3 }];
    const seam: StreamEvent = { kind: 'members', members: { x_llmhub: { resumed } } };
    expect(written).toEqual([text('one'), seam, text(' two'), text(' three')]);
  });

  it.each<StreamEvent>([
    { kind: 'tool-start', choice: 0, tool: 0, id: 'c', name: 'f' },
    { kind: 'text', choice: 1, text: 'another answer' },
    { kind: 'refusal', choice: 0, text: 'no' },
    { kind: 'finish', choice: 0, finish: { reason: 'stop', native: 'stop' } },
  ])('cannot be gone on with after $kind', event => {
    const writer = new ContinuingWriter(plain, false);
    writer.write(text('so'));
    expect(writer.canGoOn).toBe(true);
    writer.write(event);

    expect(writer.canGoOn).toBe(false);
  });
});
