import { UsageFinder } from '@app/dialects';
import { answerTap } from './answer-tap.js';

function told(contentType: string, ...chunks: string[]): unknown {
  const tap = answerTap(contentType, new UsageFinder());
  for (const chunk of chunks) {
    tap.push(Buffer.from(chunk));
  }
  return tap.end();
}

const chunk = (output: number): string =>
  JSON.stringify({
    responseId: 'r',
    modelVersion: 'gemini-2.5-flash',
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: output, totalTokenCount: 7 + output },
  });

describe('the tap on a vendor’s own path', () => {
  it('reads a stream of Gemini that comes as an array', () => {
    expect(told('application/json; charset=UTF-8', `[${chunk(2)}`, `,\r\n${chunk(5)}`, ']')).toMatchObject({
      id: 'r',
      model: 'gemini-2.5-flash',
      usage: { inputTokens: 7, outputTokens: 5 },
    });
  });

  const large = 'x'.repeat(5_000_000);

  it.each([
    [
      'a picture of OpenAI',
      `{"created":1,"data":[{"b64_json":"${large}"}],"usage":{"input_tokens":3,"output_tokens":9}}`,
      { model: null, usage: { inputTokens: 3, outputTokens: 9 } },
    ],
    [
      'vectors',
      `{"data":["${large}"],"model":"m","usage":{"prompt_tokens":3,"total_tokens":3}}\n`,
      { model: 'm', usage: { inputTokens: 3 } },
    ],
    [
      'a picture of Gemini',
      `[{"candidates":[{"content":{"parts":["${large}"],"role":"model"}}],"usageMetadata":{"promptTokenCount":3,` +
        '"candidatesTokenCount":9},"modelVersion":"m"}\n]',
      { model: 'm', usage: { inputTokens: 3, outputTokens: 9 } },
    ],
    ['a file', `{"data":"${large}"}`, { model: null, usage: null }],
  ])('reads the end of %s that is too large to keep', (_, text, expected) => {
    const half = Math.floor(text.length / 2);

    expect(told('application/json', text.slice(0, half), text.slice(half))).toMatchObject(expected);
  });
});
