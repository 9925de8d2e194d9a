import { answerTap } from './answer-tap.js';

function told(contentType: string, ...chunks: string[]): unknown {
  const tap = answerTap(contentType);
  for (const chunk of chunks) {
    tap.push(Buffer.from(chunk));
  }
  return tap.end();
}

describe('the tap on a vendor’s own path', () => {
  it('reads a stream of Gemini that comes as an array', () => {
    const chunk = (output: number): string =>
      JSON.stringify({
        responseId: 'r',
        modelVersion: 'gemini-2.5-flash',
        usageMetadata: { promptTokenCount: 7, candidatesTokenCount: output, totalTokenCount: 7 + output },
      });

    expect(told('application/json; charset=UTF-8', `[${chunk(2)}`, `,\r\n${chunk(5)}`, ']')).toMatchObject({
      id: 'r',
      model: 'gemini-2.5-flash',
      usage: { inputTokens: 7, outputTokens: 5 },
    });
  });
});
