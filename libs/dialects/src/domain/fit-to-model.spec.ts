import type { GenerationRequest } from './conversation.js';
import type { ModelTraits } from './dialect.js';
import { fitToModel } from './fit-to-model.js';
import { Losses } from './losses.js';

function fitted(asked: Partial<GenerationRequest>, traits: ModelTraits) {
  const request: GenerationRequest = {
    model: 'v/m',
    stream: false,
    streamUsage: false,
    turns: [],
    tools: { list: [] },
    settings: {},
    native: { dialect: 'openai-chat', fields: {} },
    ...asked,
  };
  const losses = new Losses();
  const { settings, tools } = fitToModel(request, { vendor: 'v', model: 'm', traits, quirks: {} }, losses);
  return { settings, tools, losses: losses.list.map(({ action, field }) => `${action} ${field}`) };
}

describe('a request and the known limits of its model', () => {
  it('gives as much as there is where more is asked for', () => {
    expect(fitted({ settings: { maxOutputTokens: 9 } }, { maxOutputTokens: 8 })).toMatchObject({
      settings: { maxOutputTokens: 8 },
      losses: ['approximated max_tokens'],
    });
    for (const maxOutputTokens of [undefined, 8]) {
      expect(fitted({ settings: { maxOutputTokens: 8 } }, { maxOutputTokens }).losses).toEqual([]);
    }
    expect(fitted({}, { maxOutputTokens: 8 })).toMatchObject({ settings: {}, losses: [] });
  });

  it('is refused for an output that the model does not make', () => {
    const settings = { modalities: ['text', 'audio'] };

    expect(fitted({ settings }, { output: ['text'] }).losses).toEqual(['refused modalities']);
    expect(fitted({ settings }, { output: ['text', 'audio'] }).losses).toEqual([]);
    expect(fitted({ settings }, {}).losses).toEqual([]);
  });

  it('says nothing of parallel calls to a model that makes one at a time', () => {
    const traits = { parallelTools: false };

    expect(fitted({ tools: { list: [], parallel: true } }, traits)).toMatchObject({
      tools: { list: [] },
      losses: ['dropped parallel_tool_calls'],
    });
    expect(fitted({ tools: { list: [], parallel: false } }, traits)).toEqual({
      settings: {},
      tools: { list: [] },
      losses: [],
    });
    expect(fitted({ tools: { list: [], parallel: true } }, {}).tools).toEqual({ list: [], parallel: true });
  });
});
