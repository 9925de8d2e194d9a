import { GatewayError } from '@app/shared';
import { fc } from '../../../test/support/properties.js';
import { readStream } from '../../../test/support/read-stream.js';
import { eventsOf, streamSteps } from '../../../test/support/stream-events.js';
import { checkStreamGrammar } from '../../../test/support/stream-grammar.js';
import type { StreamEvent } from './domain/answer.js';
import { Losses } from './domain/losses.js';
import { breakAt, wrongValues } from './fixtures/breakages.js';
import { answers, unlessFailed } from './fixtures/answers.js';
import { requests } from './fixtures/requests.js';
import { meta, plainRequest, seal, SIDES } from './fixtures/sides.js';

const usage = { inputTokens: 7, outputTokens: 3 };

describe.each(SIDES)(
  'a request in the words of $name with something wrong in it',
  ({ client, vendor, target }) => {
    it('is refused with 400, or written for every vendor', () => {
      fc.assert(
        fc.property(requests, fc.nat(), wrongValues, (made, at, wrong) => {
          const body = breakAt(vendor.writeRequest(made, target, new Losses()), at, wrong);
          try {
            const request = client.readRequest(body, seal);
            SIDES.forEach(to => JSON.stringify(to.vendor.writeRequest(request, to.target, new Losses())));
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError);
            expect(error).toMatchObject({ status: 400, message: expect.stringMatching(/\w/) });
          }
        }),
      );
    });
  },
);

describe.each(SIDES)(
  'an answer in the words of $name with something wrong in it',
  ({ client, vendor, target }) => {
    it('is the failure of its vendor, or written for every caller', () => {
      fc.assert(
        fc.property(answers, fc.nat(), wrongValues, (made, at, wrong) => {
          const body = breakAt(client.writeAnswer(made, meta), at, wrong);
          const answer = unlessFailed(() => vendor.readAnswer(body, target));
          if (answer) {
            SIDES.forEach(to => JSON.stringify(to.client.writeAnswer(answer, meta)));
          }
        }),
      );
    });

    it('is so in a stream, too', () => {
      fc.assert(
        fc.property(streamSteps, fc.nat(), fc.nat(), wrongValues, (said, event, at, wrong) => {
          const events = eventsOf(said, [{ kind: 'usage', usage }, { kind: 'end' }]);
          const writer = client.streamWriter(plainRequest, { ...meta, llmhub: () => null });
          const sse = breakEvent(events.map(each => writer.write(each)).join(''), event, at, wrong);
          const read = readStream(vendor.streamReader(target), Buffer.from(sse), [sse.length * 4].values());

          checkStreamGrammar(read);
          SIDES.forEach(to => written(to.client, read));
        }),
      );
    });
  },
);

function written(client: (typeof SIDES)[number]['client'], events: readonly StreamEvent[]): string {
  const writer = client.streamWriter(plainRequest, { ...meta, llmhub: () => null });
  return events.map(event => writer.write(event)).join('');
}

/** One event of the stream has a wrong value somewhere. */
function breakEvent(sse: string, event: number, at: number, wrong: unknown): string {
  const lines = sse.split('\n');
  const data = lines.flatMap((line, number) => (line.startsWith('data: {') ? [number] : []));
  const number = data[event % data.length] ?? 0;
  const [line = ''] = (lines[number] ?? '').split('\r');
  const broken = breakAt(JSON.parse(line.slice('data: '.length)), at, wrong);
  return lines
    .with(number, `data: ${JSON.stringify(broken)}${lines[number]?.endsWith('\r') ? '\r' : ''}`)
    .join('\n');
}
