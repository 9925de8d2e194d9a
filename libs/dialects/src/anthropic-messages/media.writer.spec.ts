import type { MediaPart } from '../domain/part.js';
import { type Case, written } from './fixtures/written.js';

function sent(part: Omit<MediaPart, 'kind'>, rest: Case = {}) {
  const turns = [{ role: 'user' as const, parts: [{ ...part, kind: 'media' as const }] }];
  const { body, losses } = written({ ...rest, turns });
  return { block: (body['messages'] as { content: unknown[] }[])[0]?.content[0], losses };
}

const base64 = (data: string) => ({ kind: 'base64' as const, data });
const url = { kind: 'url' as const, url: 'https://x/y' };

describe('images', () => {
  it('go as base64 or URL', () => {
    expect(sent({ media: 'image', mime: 'image/png', source: base64('iVBO') })).toEqual({
      block: { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } },
      losses: [],
    });
    expect(sent({ media: 'image', source: url, detail: 'auto', cache: {} })).toEqual({
      block: {
        type: 'image',
        source: { type: 'url', url: url.url },
        cache_control: { type: 'ephemeral' },
      },
      losses: [],
    });
  });

  it('lose their resolution with a warning', () => {
    expect(sent({ media: 'image', source: url, detail: 'low' }).losses).toEqual(['dropped image_url.detail']);
  });

  it('are refused by a model that sees none', () => {
    expect(sent({ media: 'image', source: url }, { traits: { images: false } })).toEqual({
      block: undefined,
      losses: ['refused messages.content.image'],
    });
  });

  it('of unknown media type are refused', () => {
    expect(sent({ media: 'image', source: base64('AAAA') }).losses).toEqual([
      'refused messages.content.image',
    ]);
  });
});

describe('documents', () => {
  it('carry title, context and citations', () => {
    const part = { media: 'document', filename: 'a.pdf', context: 'a letter', citable: true } as const;
    expect(sent({ ...part, mime: 'application/pdf', source: base64('JVBERi0x') }).block).toEqual({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
      title: 'a.pdf',
      context: 'a letter',
      citations: { enabled: true },
    });
  });

  it.each([
    [
      'a PDF of no stated type',
      { source: base64('JVBERi0x') },
      { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
    ],
    ['a URL', { source: url }, { type: 'url', url: url.url }],
    [
      'text',
      { source: { kind: 'text', text: 'hé' } },
      { type: 'text', media_type: 'text/plain', data: 'hé' },
    ],
    [
      'encoded text',
      { mime: 'text/markdown', source: base64(Buffer.from('hé').toString('base64')) },
      { type: 'text', media_type: 'text/plain', data: 'hé' },
    ],
  ] as const)('may be %s', (_name, part, source) => {
    expect(sent({ media: 'document', ...part })).toEqual({ block: { type: 'document', source }, losses: [] });
  });

  it.each([
    ['of other kinds', { mime: 'application/msword', source: base64('AAAA') }, {}],
    ['to a model that reads none', { source: url }, { traits: { documents: false } }],
  ] as const)('%s are refused', (_name, part, rest) => {
    expect(sent({ media: 'document', ...part }, rest)).toEqual({
      block: undefined,
      losses: ['refused messages.content.document'],
    });
  });
});

describe('what Anthropic cannot take', () => {
  it.each(['audio', 'video'] as const)('%s is refused', media => {
    expect(sent({ media, mime: `${media}/x`, source: base64('AAAA') })).toEqual({
      block: undefined,
      losses: [`refused messages.content.${media}`],
    });
  });

  it.each(['image', 'document'] as const)(
    'an id of a file (%s) is refused, unless the caller speaks Anthropic',
    media => {
      const part = { media, source: { kind: 'file', id: 'file_1' } } as const;
      expect(sent(part).losses).toEqual([`refused messages.content.${media}`]);
      expect(sent(part, { native: { dialect: 'anthropic-messages', fields: {} } })).toEqual({
        block: { type: media, source: { type: 'file', file_id: 'file_1' } },
        losses: [],
      });
    },
  );
});
