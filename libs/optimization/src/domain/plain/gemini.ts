import { anyObject, either, listOf, number, object, oneOf, someText, text } from './check.js';

const said = object({}, { text: someText });
const image = object({}, { inlineData: object({}, { mimeType: someText, data: someText }) });
const content = object({}, { role: oneOf('user', 'model'), parts: listOf(either(said, image)) });

const declared = object({ description: text }, { name: text, parametersJsonSchema: anyObject });

/** Calls and their results have ids of their own rules here. https://ai.google.dev/api/generate-content */
export const plainGemini = object({
  model: text,
  systemInstruction: object({ role: oneOf('user') }, { parts: listOf(said) }),
  contents: listOf(content),
  tools: listOf(object({}, { functionDeclarations: listOf(declared) })),
  generationConfig: object({
    maxOutputTokens: number,
    temperature: number,
    topP: number,
    topK: number,
    frequencyPenalty: number,
    presencePenalty: number,
    seed: number,
    candidateCount: number,
    stopSequences: listOf(text),
  }),
});
