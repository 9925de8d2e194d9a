import { mostOfGeneration } from './most-use.js';

const of = (body: object): ReturnType<typeof mostOfGeneration> =>
  mostOfGeneration({ json: body as Record<string, unknown>, bytes: JSON.stringify(body).length });

describe('the most that a text request can use', () => {
  it.each([
    [{ max_tokens: 50 }, 50, 1],
    [{ max_completion_tokens: 1, max_tokens: 9000 }, 9000, 1], // vendors differ in which they read
    [{ max_output_tokens: 20, n: 3 }, 20, 3],
    [{ max_tokens: 10, best_of: 4, n: 2, prompt: ['a', 'b'] }, 10, 8],
    [{ max_tokens: 10, prompt: [1, 2, 3] }, 10, 1],
    [{ generationConfig: { maxOutputTokens: 70, candidateCount: 2 } }, 70, 2],
    [{ generation_config: { max_output_tokens: '70', candidate_count: '8' } }, 70, 8],
    [{ max_tokens: 'many' }, null, 1],
    [{ max_tokens: null }, null, 1],
    [{}, null, 1],
  ])('of %j: %s tokens in each of %i answers', (body, outputTokens, answers) => {
    expect(of(body)).toMatchObject({ outputTokens, answers });
  });

  it('is a token for each byte of text, and pictures besides', () => {
    const text = { messages: [{ role: 'user', content: 'Ĝis la revido' }] };
    expect(of(text)).toMatchObject({ inputTokens: JSON.stringify(text).length, images: 0 });
    const picture = { type: 'image_url', image_url: { url: 'https://a.example/b.png' } };
    const two = { messages: [{ role: 'user', content: [picture, picture] }] };
    expect(of(two)).toMatchObject({ images: 2, media: { in: true } });
    const google = { contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data: 'AA' } }] }] };
    expect(of(google)).toMatchObject({ images: 1, media: { in: true } });
  });

  it.each([
    { previous_response_id: 'resp_1', input: 'and?' },
    { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] },
    { contents: [{ parts: [{ file_data: { file_uri: 'https://a.example/film' } }] }] },
    { contents: [{ parts: [{ inlineData: { mimeType: 'application/pdf', data: 'AA' } }] }] },
    { messages: [{ role: 'user', content: [{ type: 'document', source: { type: 'url', url: 'x' } }] }] },
  ])('is as much as the model takes when something of it is elsewhere: %j', body => {
    expect(of(body).inputTokens).toBeNull();
  });

  it.each([
    [{ tools: [{ type: 'web_search' }] }, /web_search/],
    [{ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, /web_search/],
    [{ tools: [{ googleSearch: {} }] }, /googleSearch/],
    [{ web_search_options: {} }, /web_search_options/],
    [{ mcp_servers: [{}] }, /mcp_servers/],
  ])('nobody can tell of a tool that the vendor runs: %j', (body, tool) => {
    expect(of(body).unknown).toMatch(tool);
  });

  it.each([
    { tools: [{ type: 'function', function: { name: 'f' } }] },
    { tools: [{ name: 'f', input_schema: {} }] },
    { tools: [{ functionDeclarations: [] }] },
    { tools: [{ type: 'bash_20250124', name: 'bash' }] },
  ])('can be told of a tool that the caller runs: %j', body => {
    expect(of(body)).not.toHaveProperty('unknown');
  });
});
