import { isoTime } from '@app/dialects';
import type { ModelCapabilities, OfferedModel } from './offered-model.entity.js';
import { pageSize, positionOf, type Query } from './model-page.js';

type Json = Record<string, unknown>;

const PAGE = 20;
/** What Anthropic says where it does not know. https://docs.claude.com/en/api/models-list */
const NO_DATE = '1970-01-01T00:00:00Z';

/** The list in Anthropic's shape, page by page. https://docs.claude.com/en/api/models-list */
export function anthropicModelPage(models: readonly OfferedModel[], query: Query): Json {
  const limit = pageSize(query, 'limit', PAGE);
  const { after_id: after, before_id: before } = query;
  let from = 0;
  let to = limit;
  if (after !== undefined) {
    from = positionOf(after, 'after_id', models) + 1;
    to = from + limit;
  } else if (before !== undefined) {
    to = positionOf(before, 'before_id', models);
    from = Math.max(0, to - limit);
  }
  const page = models.slice(from, to);
  return {
    data: page.map(anthropicModel),
    has_more: before === undefined || after !== undefined ? to < models.length : from > 0,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

/** One model in Anthropic's shape, with its price besides. */
export function anthropicModel(model: OfferedModel): Json {
  const { id, created, context_length, max_output_tokens, pricing, capabilities } = model;
  return {
    type: 'model',
    id,
    display_name: id,
    created_at: isoTime(created) ?? NO_DATE,
    lifecycle: 'active',
    deprecated_at: null,
    retires_at: null,
    line: null,
    max_input_tokens: context_length,
    max_tokens: max_output_tokens,
    capabilities: capabilitiesOf(capabilities),
    pricing,
  };
}

/** What is not known to be missing is not denied, as calls are let through then; null when nothing is known. */
function capabilitiesOf(known: ModelCapabilities): Json | null {
  if (Object.values(known).every(value => value === null)) {
    return null;
  }
  const { reasoning } = known;
  const effort = support(reasoning === 'effort' || reasoning === 'adaptive' || reasoning === 'level');
  const thinks = reasoning !== null && reasoning !== 'none';
  const no = support(false);
  return {
    batch: no,
    citations: no,
    code_execution: no,
    context_management: {
      ...no,
      clear_thinking_20251015: null,
      clear_tool_uses_20250919: null,
      compact_20260112: null,
    },
    effort: { ...effort, low: effort, medium: effort, high: effort, max: effort, xhigh: effort },
    image_input: support(known.image_input !== false),
    pdf_input: support(known.document_input !== false),
    server_tools: { ...no, code_execution: no, web_search: no },
    structured_outputs: support(known.structured_output !== false),
    thinking: {
      ...support(thinks),
      types: {
        adaptive: support(reasoning === 'adaptive'),
        between_tools: no,
        disabled: support(thinks),
        enabled: support(reasoning === 'budget'),
      },
    },
  };
}

function support(supported: boolean): { readonly supported: boolean } {
  return { supported };
}
