import { type ReactElement, useState } from 'react';
import { get } from '../api/client.js';
import type { Quote } from '../api/price-types.js';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { textOf } from '../form/text-of.js';
import { count, usd } from '../format.js';
import { type Column, Table } from '../shell/table.js';

const COLUMNS: readonly Column[] = [
  { name: 'Above tokens', isNumber: true },
  { name: 'Input', isNumber: true },
  { name: 'From a cache', isNumber: true },
  { name: 'To a cache', isNumber: true },
  { name: 'Output', isNumber: true },
];

/** What a model costs now, and from where that is known. */
export function QuoteCard(): ReactElement {
  const [quote, setQuote] = useState<Quote | null>(null);
  const send = async (form: FormData): Promise<void> => {
    const query = new URLSearchParams({ provider: textOf(form, 'provider'), model: textOf(form, 'model') });
    setQuote(await get<Quote>(`/admin/prices/quote?${query}`));
  };
  return (
    <section className="card" aria-labelledby="quote">
      <h2 id="quote">What a model costs</h2>
      <Form action="Look up" onSend={send}>
        <Field name="provider" label="Vendor" placeholder="openai" isRequired />
        <Field name="model" label="Vendor’s name of the model" placeholder="gpt-4o" isRequired />
      </Form>
      {quote && (
        <section aria-label="Quote" aria-live="polite">
          <p className="hint">
            USD for a million tokens, by {quote.source === 'own' ? 'your own prices' : 'the bundled list'}
            {!quote.exact && ', of a model with a similar name'}
          </p>
          <Table label="Rates" columns={COLUMNS}>
            {quote.rates.map(({ aboveInputTokens, input, cacheRead, cacheWrite, output }) => (
              <tr key={aboveInputTokens}>
                <td className="number">{count(aboveInputTokens)}</td>
                <td className="number">{usd(input)}</td>
                <td className="number">{usd(cacheRead)}</td>
                <td className="number">{usd(cacheWrite)}</td>
                <td className="number">{usd(output)}</td>
              </tr>
            ))}
          </Table>
        </section>
      )}
    </section>
  );
}
