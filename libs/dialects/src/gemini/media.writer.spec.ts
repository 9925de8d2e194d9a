import type { MediaPart } from '../domain/part.js';
import { type Case, written } from './fixtures/written.js';

const NATIVE: Case = { native: { dialect: 'gemini', fields: {} } };

function media(part: Partial<MediaPart>, more: Case = {}): { parts: unknown; losses: string[] } {
  const whole: MediaPart = {
    kind: 'media',
    media: 'image',
    source: { kind: 'base64', data: 'AAAA' },
    ...part,
  };
  const turns = [{ role: 'user' as const, parts: [{ kind: 'text' as const, text: 'See:' }, whole] }];
  const { body, losses } = written({ turns, ...more });
  return { parts: (body['contents'] as { parts: unknown[] }[])[0]?.parts.slice(1), losses };
}

function image(detail: string): MediaPart {
  return {
    kind: 'media',
    media: 'image',
    mime: 'image/png',
    source: { kind: 'base64', data: 'AAAA' },
    detail,
  };
}

const at = (url: string) => media({ source: { kind: 'url', url } }).parts;

const of = (...details: string[]) => written({ turns: [{ role: 'user', parts: details.map(image) }] });

describe('media', () => {
  it('with bytes go inline', () => {
    for (const mime of ['image/png', 'audio/wav', 'video/mp4', 'application/pdf', 'text/plain']) {
      expect(media({ mime }).parts).toEqual([{ inlineData: { mimeType: mime, data: 'AAAA' } }]);
    }
  });

  it('with bytes of an untold kind are known by their name or beginning, else refused', () => {
    const source = { kind: 'base64' as const, data: 'JVBERi0xLjQ=' };
    const mimeType = 'application/pdf';
    expect(media({ media: 'document', source }).parts).toEqual([
      { inlineData: { mimeType, data: source.data } },
    ]);
    expect(media({ filename: 'a.b.JPG' }).parts).toEqual([
      { inlineData: { mimeType: 'image/jpeg', data: 'AAAA' } },
    ]);
    expect(media({})).toEqual({ parts: [], losses: ['refused messages.content.image_url'] });
  });

  it('with an address go as file data, with the kind its name tells', () => {
    expect(at('https://x.y/z/cat.PNG?size=1.5#a')).toEqual([
      { fileData: { fileUri: 'https://x.y/z/cat.PNG?size=1.5#a', mimeType: 'image/png' } },
    ]);
    expect(at('https://youtu.be/lCdaVNyHtjU')).toEqual([
      { fileData: { fileUri: 'https://youtu.be/lCdaVNyHtjU' } },
    ]);
  });

  it('kept as a file of another vendor are refused', () => {
    const source = { kind: 'file' as const, id: 'file-1' };
    expect(media({ media: 'document', source }).losses).toEqual(['refused messages.content.file']);
    expect(media({ source }, NATIVE).parts).toEqual([{ fileData: { fileUri: 'file-1' } }]);
  });

  it('given as text are text, behind what is said about them', () => {
    const source = { kind: 'text' as const, text: 'Once.' };
    const { parts, losses } = media({ media: 'document', source, context: 'A tale.', citable: true });
    expect(parts).toEqual([{ text: 'A tale.' }, { text: 'Once.' }]);
    expect(losses).toEqual(['dropped messages.content.citations']);
  });

  it('are refused by models that do not read them', () => {
    expect(media({ mime: 'image/png' }, { traits: { images: false } }).losses).toEqual([
      'refused messages.content.image_url',
    ]);
    expect(media({ media: 'audio', mime: 'audio/wav' }, { traits: { audioInput: false } }).losses).toEqual([
      'refused messages.content.input_audio',
    ]);
  });

  it('have one resolution for all', () => {
    expect(of('low', 'auto', 'low').body['generationConfig']).toEqual({
      mediaResolution: 'MEDIA_RESOLUTION_LOW',
    });
    expect(of('low').losses).toEqual(['approximated image_url.detail']);
    expect(of('low', 'high').body).not.toHaveProperty('generationConfig');
    expect(of('low', 'high').losses).toEqual(['dropped image_url.detail']);
    expect(of('auto').losses).toEqual([]);
  });
});
