import type { DialectId } from '@app/dialects';
import type { Route } from '@app/routing';
import { isObject, spliceMembers } from '@app/shared';
import type { ParsedBody } from './parse-body.js';

interface Limited {
  readonly spoken: DialectId;
  readonly route: Route;
}

/** The body, asking for so many output tokens at most, in each of its answers. */
export function withOutputLimit(body: ParsedBody, tokens: number, { spoken, route }: Limited): ParsedBody {
  const [name, value] = limitIn(body.json, tokens, { spoken, route });
  return {
    ...body,
    json: { ...body.json, [name]: value },
    bytes: spliceMembers(body.bytes, { [name]: JSON.stringify(value) }),
  };
}

function limitIn(json: ParsedBody['json'], tokens: number, { spoken, route }: Limited): [string, unknown] {
  switch (spoken) {
    case 'gemini': {
      const config = isObject(json['generationConfig']) ? json['generationConfig'] : {};
      return ['generationConfig', { ...config, maxOutputTokens: tokens }];
    }
    case 'openai-responses':
      return ['max_output_tokens', tokens];
    case 'openai-chat': {
      const usual = route.target.quirks.maxTokensField ?? 'max_completion_tokens';
      return [json['max_tokens'] === undefined ? usual : 'max_tokens', tokens];
    }
    default:
      return ['max_tokens', tokens];
  }
}
