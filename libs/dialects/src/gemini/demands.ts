import type { Demands, Medium } from '../domain/demands.js';
import { recordOr, recordsOf, stringOr, type Wire } from '../domain/wire.js';

const configOf = (body: Wire): Wire => recordOr(at(body, 'generationConfig', 'generation_config'));

/** Names come in camelCase and snake_case alike (PROTOCOLS 1.5). */
export const geminiDemands: Demands = {
  tools: ({ tools }) =>
    // One tool may stand without a list.
    recordsOf(Array.isArray(tools) ? tools : [tools]).some(
      tool => recordsOf(at(tool, 'functionDeclarations', 'function_declarations')).length > 0,
    ),
  schema: body => {
    const config = configOf(body);
    return Boolean(
      at(config, 'responseJsonSchema', 'response_json_schema') ??
      at(config, 'responseSchema', 'response_schema'),
    );
  },
  maxTokens: body => at(configOf(body), 'maxOutputTokens', 'max_output_tokens'),
  output: body => {
    const wanted = at(configOf(body), 'responseModalities', 'response_modalities');
    return Array.isArray(wanted) ? wanted.map(modality => stringOr(modality, '').toLowerCase()) : [];
  },
  *media({ contents }) {
    for (const { parts } of recordsOf(Array.isArray(contents) ? contents : [contents])) {
      for (const part of recordsOf(parts)) {
        yield mediumOf(part);
      }
    }
  },
};

function mediumOf(part: Wire): Medium | undefined {
  const data = recordOr(at(part, 'inlineData', 'inline_data') ?? at(part, 'fileData', 'file_data'));
  const mime = stringOr(at(data, 'mimeType', 'mime_type'), '');
  if (mime.startsWith('image/')) {
    return 'image';
  }
  if (mime.startsWith('audio/')) {
    return 'audio';
  }
  return mime === 'application/pdf' ? 'document' : undefined;
}

function at(wire: Wire, camel: string, snake: string): unknown {
  return wire[camel] ?? wire[snake];
}
