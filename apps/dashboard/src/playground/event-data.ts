/** The data of server-sent events, as they come. What a stream ends in the middle of is not told. */
export async function* eventData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/);
    rest = events.pop() ?? '';
    for (const event of events) {
      const lines = event.split(/\r?\n/).filter(line => line.startsWith('data:'));
      if (lines.length > 0) {
        yield lines.map(line => line.slice('data:'.length).trimStart()).join('\n');
      }
    }
  }
}
