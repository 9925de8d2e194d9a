import { JsonArrayFraming } from './stream-framing.js';

describe('a stream as one JSON array', () => {
  it('is whole JSON when it has ended, with pings between', () => {
    const framing = new JsonArrayFraming();
    const text = [
      framing.ping,
      framing.next('data: {"a":1}\r\n\r\n: ping\n\n'),
      framing.ping,
      framing.next(Buffer.from('data: {"b":2}\n\ndata: {"c":"é"}\n\n')),
      framing.last('data: {"error":{}}\r\n\r\n'),
    ].join('');

    expect(JSON.parse(text)).toEqual([{ a: 1 }, { b: 2 }, { c: 'é' }, { error: {} }]);
  });

  it('is an empty one when nothing came', () => {
    expect(new JsonArrayFraming().last('')).toBe('[]');
  });
});
