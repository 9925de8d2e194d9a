// What the models cost here: the list that the gateways are given, and the same by hand, for the bill.
const NANO_USD = {
  'openai/gpt-4.1-mini': { input: 1003, output: 4007 },
  'openai/text-embedding-3-small': { input: 1009, output: 0 },
  'anthropic/claude-sonnet-4-5': { input: 3011, output: 15_013 },
  'google/gemini-2.5-flash': { input: 307, output: 2503 },
};

/** As `PUT /admin/prices` takes it: US dollars for a token. */
export const PRICES = {
  prices: Object.fromEntries(
    Object.entries(NANO_USD).map(([model, { input, output }]) => [
      model,
      { input_cost_per_token: input / 1e9, output_cost_per_token: output / 1e9 },
    ]),
  ),
};

/** What a receipt of the simulator, or a line of its bill, comes to, in nano-USD. */
export function billed(vendor, model, { input, output }) {
  const price = NANO_USD[`${vendor}/${model}`];
  if (!price) {
    throw new Error(`The simulator has sold ${vendor}/${model}, which has no price here.`);
  }
  return input * price.input + output * price.output;
}
