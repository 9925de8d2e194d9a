import { UpstreamError } from '@app/shared';
import type { Answer } from '../domain/answer.js';
import { parseExact } from '../domain/exact-json.js';
import { signed, targetWith } from './fixtures/written.js';
import { geminiVendor } from './vendor.js';

function read(candidate: object | null, more: object = {}): Answer {
  const body = { ...(candidate && { candidates: [candidate] }), responseId: 'r', modelVersion: 'm', ...more };
  return geminiVendor.readAnswer(body, targetWith());
}

function ofParts(...parts: object[]): object {
  return { content: { role: 'model', parts }, finishReason: 'STOP' };
}

const usage = (usageMetadata: object, candidate = ofParts({ text: 'a' })) =>
  read(candidate, { usageMetadata }).usage;

const tokens = (modality: string, tokenCount: number) => ({ modality, tokenCount });

const web = (uri: string, title: string) => ({ web: { uri, title } });

const grounded = (groundingMetadata: object, ...parts: object[]) =>
  read({ ...ofParts(...parts), groundingMetadata }).choices[0]?.parts;

describe('a whole answer', () => {
  it('has id, model and time', () => {
    const answer = read(ofParts({ text: 'Hi' }), { createTime: '2026-03-21T18:11:55.919086Z' });
    expect(answer).toMatchObject({ id: 'r', model: 'm', created: Date.UTC(2026, 2, 21, 18, 11, 55) / 1000 });
    expect(read(ofParts())).not.toHaveProperty('created');
  });

  it('has its parts in order, with signatures that stand on texts before them', () => {
    const { choices } = read(
      ofParts(
        { text: 'Hm.', thought: true, thoughtSignature: '1' },
        { text: 'a', thoughtSignature: '2' },
        { executableCode: { code: '1' }, thoughtSignature: '3' },
        { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
        { functionCall: { name: 'look', args: { a: 1 }, id: 'c' }, thoughtSignature: '4' },
        { text: '' },
        { text: '', thoughtSignature: '5' },
      ),
    );
    expect(choices[0]?.parts).toEqual([
      { kind: 'reasoning', text: 'Hm.', signature: signed('1') },
      { kind: 'reasoning', text: '', signature: signed('2') },
      { kind: 'text', text: 'a' },
      { kind: 'native', dialect: 'gemini', value: { executableCode: { code: '1' }, thoughtSignature: '3' } },
      { kind: 'media', media: 'image', mime: 'image/png', source: { kind: 'base64', data: 'AAAA' } },
      { kind: 'tool-call', id: 'c', name: 'look', arguments: '{"a":1}', signature: signed('4') },
      { kind: 'reasoning', text: '', signature: signed('5') },
    ]);
  });

  it('gives each call without an id one of its own', () => {
    const call = { functionCall: { name: 'look' } };
    const parts = read(ofParts(call, call)).choices[0]?.parts ?? [];
    const ids = parts.map(part => (part.kind === 'tool-call' ? part.id : ''));
    expect(ids).toEqual([expect.stringMatching(/^call_\w{32}$/), expect.stringMatching(/^call_\w{32}$/)]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(parts).toMatchObject([{ arguments: '{}' }, { arguments: '{}' }]);
  });

  it('keeps the digits of arguments', () => {
    const body = parseExact(
      '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"n":12345678901234567890}}}]}}]}',
    );
    expect(geminiVendor.readAnswer(body, targetWith()).choices[0]?.parts).toMatchObject([
      { arguments: '{"n":12345678901234567890}' },
    ]);
  });

  it.each([
    ['STOP', 'stop', 'tool-calls'],
    ['MAX_TOKENS', 'length', 'length'],
    ['SAFETY', 'content-filter', 'content-filter'],
    ['RECITATION', 'content-filter', 'content-filter'],
    ['MODEL_ARMOR', 'content-filter', 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', 'malformed-call', 'tool-calls'],
    ['UNEXPECTED_TOOL_CALL', 'malformed-call', 'tool-calls'],
    ['CONTINUATION', 'continuation', 'continuation'],
    ['BRAND_NEW', 'stop', 'tool-calls'],
  ])('ended by %s is %s, and %s with a call', (finishReason, plain, called) => {
    const finish = (...parts: object[]) => read({ ...ofParts(...parts), finishReason }).choices[0]?.finish;
    expect(finish({ text: 'a' })).toEqual({ reason: plain, native: finishReason });
    expect(finish({ functionCall: { name: 'f' } })).toEqual({ reason: called, native: finishReason });
  });

  it('explains failures, not successes', () => {
    const finishMessage = 'Well.';
    expect(read({ ...ofParts(), finishMessage }).choices[0]?.finish).not.toHaveProperty('detail');
    expect(read({ finishReason: 'SAFETY', finishMessage }).choices).toEqual([
      { index: 0, parts: [], finish: { reason: 'content-filter', native: 'SAFETY', detail: 'Well.' } },
    ]);
  });

  it('is filtered when the prompt was blocked', () => {
    const promptFeedback = { blockReason: 'SAFETY', blockReasonMessage: 'No.' };
    expect(read(null, { promptFeedback, usageMetadata: { trafficType: 'ON_DEMAND' } })).toEqual({
      id: 'r',
      model: 'm',
      choices: [
        { index: 0, parts: [], finish: { reason: 'content-filter', native: 'SAFETY', detail: 'No.' } },
      ],
      usage: null,
      serviceTier: 'standard',
    });
  });

  it('with several candidates has several choices', () => {
    const { choices } = read(null, { candidates: [ofParts(), { ...ofParts(), index: 5 }] });
    expect(choices.map(({ index }) => index)).toEqual([0, 5]);
  });

  it.each([null, [], 'x', {}, { candidates: [] }, { usageMetadata: { promptTokenCount: 1 } }])(
    'is none without a candidate: %j',
    body => {
      expect(() => geminiVendor.readAnswer(body, targetWith())).toThrow(UpstreamError);
    },
  );

  it('may be an error in disguise', () => {
    const error = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Slowly.' };
    for (const body of [{ error }, [{ error }]]) {
      expect(() => geminiVendor.readAnswer(body, targetWith())).toThrow(
        expect.objectContaining({ status: 429, message: 'Slowly.', retryable: true }),
      );
    }
  });
});

describe('usage', () => {
  it('counts thoughts as output and tool results as input', () => {
    expect(
      usage({
        promptTokenCount: 100,
        cachedContentTokenCount: 40,
        toolUsePromptTokenCount: 7,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 3,
        promptTokensDetails: [tokens('TEXT', 50), tokens('AUDIO', 30), tokens('IMAGE', 20)],
        toolUsePromptTokensDetails: [tokens('IMAGE', 7)],
        candidatesTokensDetails: [tokens('AUDIO', 12), tokens('IMAGE', 8)],
        trafficType: 'ON_DEMAND_PRIORITY',
      }),
    ).toEqual({
      inputTokens: 107,
      cacheReadTokens: 40,
      toolUsePromptTokens: 7,
      outputTokens: 23,
      reasoningTokens: 3,
      audioInputTokens: 30,
      imageInputTokens: 27,
      audioOutputTokens: 12,
      imageOutputTokens: 8,
      serviceTier: 'priority',
    });
  });

  it('is an estimate when there is output that was not counted', () => {
    const meta = { promptTokenCount: 5, thoughtsTokenCount: 2 };
    const counted = { inputTokens: 5, outputTokens: 2, reasoningTokens: 2 };
    expect(usage(meta)).toEqual({ ...counted, estimated: true });
    expect(usage(meta, ofParts({ text: 'Hm.', thought: true }))).toEqual(counted);
  });
});

describe('citations', () => {
  it('count characters where Google counts bytes', () => {
    const text = 'Grüß Gott — 😀 fine.';
    const [start, end] = [Buffer.byteLength('Grüß Gott — '), Buffer.byteLength('Grüß Gott — 😀')];
    const support = {
      segment: { startIndex: start, endIndex: end, text: '😀' },
      groundingChunkIndices: [1, 0],
    };
    const groundingChunks = [web('https://a', 'A'), web('https://b', 'B')];
    const [part] = grounded({ groundingChunks, groundingSupports: [support] }, { text }) ?? [];
    expect(part).toMatchObject({
      citations: [
        { url: 'https://b', title: 'B', start: 12, end: 14 },
        { url: 'https://a', title: 'A', start: 12, end: 14 },
      ],
    });
    expect(text.slice(12, 14)).toBe('😀');
  });

  it('stand on the part that Google names, else on the first text', () => {
    const groundingChunks = [{ retrievedContext: { text: 'Quoted.', title: 'T' } }, web('https://b', 'B')];
    const segment = { partIndex: 2, endIndex: 1 };
    const groundingSupports = [{ segment, groundingChunkIndices: [0] }];
    expect(
      grounded(
        { groundingChunks, groundingSupports },
        { text: 'Hm.', thought: true },
        { text: 'é' },
        { text: 'b' },
      ),
    ).toMatchObject([
      { kind: 'reasoning' },
      { text: 'é', citations: [{ url: 'https://b' }] },
      { text: 'b', citations: [{ quote: 'Quoted.', title: 'T', start: 0, end: 1 }] },
    ]);
  });

  it('may be of the training material', () => {
    const citations = [{ startIndex: 2, endIndex: 3, uri: 'https://a' }];
    const { choices } = read({ ...ofParts({ text: 'éa' }), citationMetadata: { citations } });
    expect(choices[0]?.parts).toMatchObject([{ citations: [{ url: 'https://a', start: 1, end: 2 }] }]);
  });
});

it('logprobs take OpenAI’s shape', () => {
  const [a, b] = [
    { token: 'ü', tokenId: 1, logProbability: -0.5 },
    { token: 'b', tokenId: 2, logProbability: -2 },
  ];
  const logprobsResult = { chosenCandidates: [a, b], topCandidates: [{ candidates: [a, b] }] };
  expect(read({ ...ofParts(), logprobsResult }).choices[0]?.logprobs).toEqual({
    content: [
      {
        token: 'ü',
        logprob: -0.5,
        bytes: [0xc3, 0xbc],
        top_logprobs: [
          { token: 'ü', logprob: -0.5, bytes: [0xc3, 0xbc] },
          { token: 'b', logprob: -2, bytes: [0x62] },
        ],
      },
      { token: 'b', logprob: -2, bytes: [0x62], top_logprobs: [] },
    ],
  });
});
