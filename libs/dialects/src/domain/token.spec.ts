import { SseParser } from '@app/shared';
import { recordings } from '../../../../test/support/recordings.js';
import { SIDES } from '../fixtures/sides.js';
import type { StreamEvent } from './answer.js';

const SAYING: ReadonlySet<StreamEvent['kind']> = new Set([
  'text',
  'reasoning',
  'refusal',
  'signature',
  'tool-start',
  'tool-arguments',
  'media',
  'native',
]);

describe.each(SIDES)('the token of $name', ({ name, vendor, target }) => {
  const streams = recordings(name)
    .flatMap(([file, calls]) => calls.map(({ status, body }) => ({ file, status, body })))
    .filter(({ status, body }) => status === 200 && typeof body === 'string' && body.includes('data:'));

  it('is in a recorded stream as soon as something is said there, and not before', () => {
    const wrong: unknown[] = [];
    let told = 0;
    for (const { file, body } of streams) {
      const reader = vendor.streamReader(target);
      let before = '';
      for (const { data, type } of new SseParser().push(Buffer.from(`${String(body)}\n\n`))) {
        const events: StreamEvent[] = [];
        reader.read(data, type, events);
        if (events.some(says)) {
          told += 1;
          if (!vendor.token.test(data) || vendor.token.test(before)) {
            wrong.push({ file, before, data });
          }
          break;
        }
        before += `data: ${data}\n\n`;
      }
    }
    expect(wrong).toEqual([]);
    expect(told).toBeGreaterThanOrEqual(Math.min(streams.length, 5));
  });
});

function says(event: StreamEvent): boolean {
  return SAYING.has(event.kind) && !('text' in event && event.text === '');
}
