import {
  type GenerationRequest,
  type MediaSource,
  openAiChatVendor,
  openAiResponsesVendor,
} from '@app/dialects';
import { catalog } from '@app/providers';
import type { Route } from '@app/routing';
import { draftFor } from './vendor-draft.js';

const vendor = catalog.find(({ id }) => id === 'openai') ?? catalog[0];

function routeOf(dialect: Route['dialect']): Route {
  if (!vendor) {
    throw new Error('The catalog is empty.');
  }
  return {
    id: 'openai/gpt-5',
    vendor,
    dialect,
    target: { vendor: 'openai', model: 'gpt-5', traits: {}, quirks: {} },
  };
}

function reading(source: MediaSource, settings: GenerationRequest['settings'] = {}): GenerationRequest {
  return {
    model: 'gpt-5',
    turns: [{ role: 'user', parts: [{ kind: 'media', media: 'document', source }] }],
    tools: { list: [] },
    settings,
    stream: false,
    streamUsage: false,
    native: { dialect: 'anthropic-messages', fields: {} },
  };
}

const asTheyAre = (field: string): string => field;
const inline: MediaSource = { kind: 'base64', data: 'JVBERg==' };
const linked: MediaSource = { kind: 'url', url: 'https://example.com/a.pdf' };

describe('a request for a vendor of two dialects', () => {
  it.each([
    ['goes out in the first, which carries it', reading(inline), 'openai-chat'],
    ['goes out in the second, which alone reads documents by their URL', reading(linked), 'openai-responses'],
    [
      'is refused in the words of the first when none carries it',
      reading(linked, { stop: ['.'] }),
      'openai-chat',
    ],
  ])('%s', (_case, request, dialect) => {
    const { route, losses } = draftFor(request, routeOf(openAiChatVendor), asTheyAre);

    expect(route.dialect.id).toBe(dialect);
    expect(losses.refuses).toBe(request.settings.stop !== undefined);
  });

  it("stays in the dialect of its caller's endpoint", () => {
    const request = reading(linked, { stop: ['.'] });

    expect(draftFor(request, routeOf(openAiResponsesVendor), asTheyAre).route.dialect.id).toBe(
      'openai-responses',
    );
  });
});
