/** OpenAI's own models: the ones that refuse arguments they do not know. */
export function isOwnModel(model: string): boolean {
  return /^(gpt-|o\d|chatgpt-)/.test(model);
}

/** Models that always reason, and refuse `max_tokens` and sampling. */
export function isReasoningModel(model: string): boolean {
  return /^(o[134]|gpt-5)(-|\.|$)/.test(model) && !model.includes('-chat');
}
