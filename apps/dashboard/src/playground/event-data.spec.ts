import { eventData } from './event-data.js';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.slice(at, at + size);
  }
}

describe('the data of events', () => {
  it.each([1, 2, 3, 7, 1000])('is the same in pieces of %i bytes', async size => {
    const stream =
      ': ping\n\ndata: {"a":"né 🙂"}\n\nevent: x\r\ndata: one\r\ndata: two\r\n\r\ndata: [DONE]\n\ndata: cut';
    const told: string[] = [];
    for await (const data of eventData(inPieces(stream, size))) {
      told.push(data);
    }

    expect(told).toEqual(['{"a":"né 🙂"}', 'one\ntwo', '[DONE]']);
  });
});
