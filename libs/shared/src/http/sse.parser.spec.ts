import { fc } from '../../../../test/support/properties.js';
import { type SseEvent, SseParser } from './sse.parser.js';

function parse(chunks: readonly Buffer[]): SseEvent[] {
  const parser = new SseParser();
  return [...chunks.flatMap(chunk => parser.push(chunk)), ...parser.end()];
}

describe('the SSE parser', () => {
  it('reads the same events however the bytes are cut', () => {
    const line = fc.string({ unit: 'grapheme' }).map(text => text.replace(/[\r\n]/g, '¶'));
    const event = fc.record({ data: fc.array(line, { minLength: 1, maxLength: 3 }), type: fc.option(line) });
    const ending = fc.constantFrom('\n', '\r\n', '\r');

    fc.assert(
      fc.property(
        fc.array(event),
        ending,
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        (events, eol, cuts) => {
          const text = events
            .map(
              ({ data, type }) =>
                (type === null ? '' : `event: ${type}${eol}`) +
                data.map(d => `data: ${d}${eol}`).join('') +
                eol,
            )
            .join(`: comment${eol}`);
          const bytes = Buffer.from(text);
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length;) {
            const size = cuts.next().value ?? 1;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }

          expect(parse(chunks)).toEqual(
            events.map(({ data, type }) => ({ data: data.join('\n'), type: type ?? undefined })),
          );
        },
      ),
    );
  });

  it('gives an event whose blank line never came', () => {
    expect(parse([Buffer.from('data: {"a":1}')])).toEqual([{ data: '{"a":1}', type: undefined }]);
  });

  it('skips comments and a byte order mark', () => {
    expect(parse([Buffer.from('\ufeff: ping\n\ndata:x\n\n')])).toEqual([{ data: 'x', type: undefined }]);
  });
});
