import { openAiChatVendor } from '@app/dialects';
import type { Route } from '@app/routing';
import { isKeepable } from './keepable-answer.js';

const route = {
  vendor: { id: 'perplexity' },
  dialect: openAiChatVendor,
  target: { vendor: 'perplexity', model: 'm', quirks: {}, traits: {} },
} as unknown as Route;

const LINK = 'https://news.example/today';
const USAGE = { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 };

/** What stands beside the choices, in what is said, and in the usage. */
interface More {
  readonly beside?: object;
  readonly within?: object;
  readonly usage?: object;
}

describe('an answer of a search', () => {
  it.each<[string, More]>([
    ['links', { beside: { citations: [LINK] } }],
    ['links with titles', { beside: { citations: [{ title: 't', url: LINK }] } }],
    ['what was found', { beside: { search_results: [{ title: 't', url: LINK }] } }],
    ['tools of the vendor', { within: { executed_tools: [{ type: 'search', output: LINK }] } }],
    ['a count', { usage: { num_search_queries: 2 } }],
    ['a count of sources', { usage: { num_sources_used: 3 } }],
    ['counts of tools', { usage: { server_side_tool_usage_details: { web_search_calls: 1 } } }],
  ])('is not kept, whole or streamed: %s', (_what, more) => {
    expect([whole(more), streamed(more)]).toEqual([false, false]);
  });

  it.each<[string, More]>([
    ['nothing', {}],
    ['of none', { beside: { citations: [], search_results: null }, within: { executed_tools: [] } }],
    [
      'none at all',
      { usage: { num_sources_used: 0, server_side_tool_usage_details: { web_search_calls: 0 } } },
    ],
    ['what the request said', { beside: { tools: [{ parameters: { search: { type: 'string' } } }] } }],
    ['a document of the request', { beside: { citations: [{ document_index: 0, cited_text: LINK }] } }],
    ['a text about one', { within: { content: `{"search_results":["${LINK}"]}` } }],
  ])('is none that tells of %s', (_what, more) => {
    expect([whole(more), streamed(more)]).toEqual([true, true]);
  });
});

function whole({ beside, within, usage }: More): boolean {
  const message = { role: 'assistant', content: 'It rains [1].', ...within };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const answer = { id: 'i', model: 'm', choices, usage: { ...USAGE, ...usage }, ...beside };
  return isKeepable(route, { body: Buffer.from(JSON.stringify(answer)), isStream: false }, []);
}

function streamed({ beside, within, usage }: More): boolean {
  const chunks = [
    { choices: [{ index: 0, delta: { content: 'It rains [1].', ...within } }] },
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...beside },
    { choices: [], usage: { ...USAGE, ...usage } },
  ].map(chunk => `data: ${JSON.stringify({ id: 'i', model: 'm', ...chunk })}\n\n`);
  const body = Buffer.from(`${chunks.join('')}data: [DONE]\n\n`);
  return isKeepable(route, { body, isStream: true }, []);
}
