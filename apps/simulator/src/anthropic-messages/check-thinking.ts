import { isSignedBy } from '../answering/signatures.js';
import type { JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText } from '../json.js';
import { require400 } from '../refusal.js';
import { blocksOf } from './check-messages.js';

const LEAST_BUDGET = 1024;

const FIRM = /claude-(?:opus-5-5|fable-5-\d|sonnet-5-5)/;

/** What is signed for a block of hidden thinking. */
export const REDACTED = 'redacted';

export function checkThinking(body: JsonObject): void {
  const thinking = asObject(body.thinking ?? { type: 'disabled' });
  const type = asText(thinking.type);
  require400(
    ['adaptive', 'between_tools', 'disabled', 'enabled'].includes(type),
    `thinking: Input tag '${type}' is not expected`,
  );
  checkFirmness(body, type);
  if (type === 'enabled') {
    const budget = asNumber(thinking.budget_tokens) ?? 0;
    require400(budget >= LEAST_BUDGET, 'thinking.enabled.budget_tokens: Input should be at least 1024');
    require400(
      budget < Number(body.max_tokens),
      '`max_tokens` must be greater than `thinking.budget_tokens`.',
    );
    const choice = asText(asObject(body.tool_choice).type);
    require400(
      choice !== 'any' && choice !== 'tool',
      'Thinking may not be enabled when tool_choice forces tool use.',
    );
    checkToolLoop(body);
  }
  checkSignatures(body);
}

/** The models that always think, and those that do so between calls at least; neither can be forced to call. */
function checkFirmness({ model, thinking, tool_choice }: JsonObject, type: string): void {
  if (!FIRM.test(asText(model))) {
    return;
  }
  const wrong = type === 'enabled' || (type === 'disabled' && thinking !== undefined);
  require400(!wrong, `"thinking.type.${type}" is not supported for this model.`);
  const choice = asText(asObject(tool_choice ?? {}).type);
  require400(
    choice !== 'any' && choice !== 'tool',
    `"tool_choice.type.${choice}" is not supported for this model.`,
  );
}

/** While a tool loop runs, the turn that called begins with its thinking. */
function checkToolLoop(body: JsonObject): void {
  const messages = asList(body.messages).map(asObject);
  const index = messages.findLastIndex(message => message.role === 'assistant');
  const answered = blocksOf(messages[index + 1] ?? {}).some(block => block.type === 'tool_result');
  const first = asText(blocksOf(messages[index] ?? {})[0]?.type);
  require400(
    !answered || first === 'thinking' || first === 'redacted_thinking',
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block.`,
  );
}

function checkSignatures(body: JsonObject): void {
  const model = asText(body.model);
  for (const [index, message] of asList(body.messages).map(asObject).entries()) {
    for (const [position, block] of blocksOf(message).entries()) {
      const valid =
        block.type === 'thinking'
          ? isSignedBy(model, asText(block.thinking), asText(block.signature))
          : block.type !== 'redacted_thinking' || isSignedBy(model, REDACTED, asText(block.data));
      require400(
        valid,
        `messages.${index}.content.${position}: Invalid \`signature\` in \`${asText(block.type)}\` block`,
      );
    }
  }
}
