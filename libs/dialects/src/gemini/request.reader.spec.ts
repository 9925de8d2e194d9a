import type { GenerationRequest } from '../domain/conversation.js';
import { geminiClient } from './client.js';
import { seal } from './fixtures/called.js';
import { signed } from './fixtures/written.js';
import { sealSignature } from './sealed-signature.js';

const hi = [{ role: 'user', parts: [{ text: 'Hi' }] }];

const result = (n: number) => ({ functionResponse: { name: 'f', response: { output: `${n}` } } });

function read(body: object): GenerationRequest {
  return geminiClient.readRequest({ contents: hi, ...body }, seal);
}

describe('the settings of a Gemini request', () => {
  it.each([
    [
      { topK: '40', seed: 7 },
      { topK: 40, seed: 7 },
    ],
    [{ responseModalities: ['TEXT'] }, {}],
    [{ responseModalities: ['TEXT', 'IMAGE'] }, { modalities: ['text', 'image'] }],
    [{ responseMimeType: 'text/plain' }, {}],
    [{ responseMimeType: 'application/json' }, { format: { kind: 'json' } }],
    [
      { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT', title: 'Person' } },
      { format: { kind: 'json-schema', name: 'Person', schema: { type: 'object', title: 'Person' } } },
    ],
    [{ thinkingConfig: { thinkingLevel: 'LOW' } }, { reasoning: { effort: 'low' } }],
    [
      { thinking_config: { thinking_budget: -1, include_thoughts: true } },
      { reasoning: { budget: -1, summary: 'auto' } },
    ],
    [{ thinkingConfig: { includeThoughts: false } }, { reasoning: { summary: 'omitted' } }],
  ])('%j is %j', (generationConfig, settings) => {
    expect(read({ generationConfig }).settings).toEqual(settings);
    expect(read({ generationConfig }).native.fields).toEqual({});
  });

  it('keeps what only Google knows, by its path', () => {
    const { native } = read({
      safety_settings: [{ category: 'X' }],
      generation_config: {
        speech_config: {},
        response_mime_type: 'text/x.enum',
        thinkingConfig: { other: 1 },
      },
      tool_config: { function_calling_config: { mode: 'validated' }, retrieval_config: {} },
    });

    expect(native.fields).toEqual({
      safetySettings: [{ category: 'X' }],
      'generationConfig.speechConfig': {},
      'generationConfig.responseMimeType': 'text/x.enum',
      'generationConfig.thinkingConfig.other': 1,
      'toolConfig.functionCallingConfig.mode': 'VALIDATED',
      'toolConfig.retrievalConfig': {},
    });
  });

  it.each([
    [{ mode: 'AUTO' }, { kind: 'auto' }],
    [{ mode: 'none' }, { kind: 'none' }],
    [{ mode: 'ANY' }, { kind: 'required' }],
    [
      { mode: 'ANY', allowedFunctionNames: ['f'] },
      { kind: 'named', name: 'f' },
    ],
    [
      { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
      { kind: 'allowed', mode: 'required', tools: [{ name: 'f' }, { name: 'g' }] },
    ],
    [
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
      { kind: 'allowed', mode: 'auto', tools: [{ name: 'f' }] },
    ],
    [{}, undefined],
  ])('%j is the choice %j', (functionCallingConfig, choice) => {
    expect(read({ toolConfig: { functionCallingConfig } }).tools.choice).toEqual(choice);
  });
});

describe('the contents of a Gemini request', () => {
  it('match results to calls without ids, in order', () => {
    const call = { functionCall: { name: 'f', args: {} } };
    const { turns } = read({
      contents: [
        ...hi,
        { role: 'model', parts: [call, call] },
        { role: 'user', parts: [{ text: 'Go on' }, result(1), result(2)] },
      ],
    });

    expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    const ids = turns[1]?.parts.map(part => (part.kind === 'tool-call' ? part.id : ''));
    expect(new Set(ids).size).toBe(2);
    expect(turns[2]?.parts).toMatchObject([
      { callId: ids?.[0], parts: [{ text: '1' }] },
      { callId: ids?.[1], parts: [{ text: '2' }] },
    ]);
  });

  it.each([
    ['https://a.example/b.png', 'url'],
    ['HTTPS://a.example/b.png', 'url'],
    ['gs://bucket/b.png', 'file'],
    ['GS://bucket/b.png', 'file'],
    ['https://Generativelanguage.googleapis.com/v1beta/files/b', 'file'],
    ['files/b', 'file'],
  ])('tell addresses from files that only Google can open: %s', (fileUri, kind) => {
    const parts = [{ fileData: { mimeType: 'image/png', fileUri } }];

    expect(read({ contents: [{ role: 'user', parts }] }).turns[0]?.parts[0]).toMatchObject({
      source: { kind },
    });
  });

  it('join what came in the pieces of a stream', () => {
    const sealed = sealSignature(signed('proof'), seal);
    const pieces = [
      { text: 'Let me ', thought: true },
      { text: 'see.', thought: true },
      { text: '', thought: true, thoughtSignature: sealed },
      { text: 'It ' },
      { text: 'rains.' },
      { text: '' },
    ];
    const { turns } = read({ contents: [...hi, ...pieces.map(part => ({ role: 'model', parts: [part] }))] });

    expect(turns[1]?.parts).toEqual([
      { kind: 'reasoning', text: 'Let me see.', signature: signed('proof') },
      { kind: 'text', text: 'It rains.' },
    ]);
  });

  it('open signatures in either alphabet of base64, and keep the others for Google', () => {
    const odd = { ...signed('ÿþ?>'), issuer: 'anthropic' };
    const sealed = sealSignature(odd, seal, true).replaceAll('+', '-').replaceAll('/', '_');
    const parts = [
      { text: '', thought: true, thoughtSignature: sealed },
      { functionCall: { name: 'f' }, thoughtSignature: 'AQID' },
    ];
    const { turns } = read({ contents: [...hi, { role: 'model', parts }] });

    expect(turns[1]?.parts).toMatchObject([
      { kind: 'reasoning', redacted: true, signature: odd },
      { kind: 'tool-call', native: { thoughtSignature: 'AQID' } },
    ]);
  });

  it.each([
    [{ contents: [] }, 'contents'],
    [{ contents: 'Hi' }, 'contents'],
    [{ contents: [{ role: 'system', parts: [] }] }, 'contents[0].role'],
    [{ contents: [{ parts: [{}] }] }, 'contents[0].parts[0]'],
    [{ contents: [{ parts: [{ text: 7 }] }] }, 'contents[0].parts[0].text'],
    [{ contents: [{ parts: [{ functionCall: {} }] }] }, 'contents[0].parts[0].functionCall.name'],
    [{ tools: [7] }, 'tools[0]'],
    [{ tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
    [{ toolConfig: { functionCallingConfig: { mode: 'MAYBE' } } }, 'toolConfig.functionCallingConfig.mode'],
    [{ generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
    [{ generationConfig: { stopSequences: [1] } }, 'generationConfig.stopSequences[0]'],
  ])('are refused in %j, naming %s', (body, param) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ status: 400, param }));
  });
});
