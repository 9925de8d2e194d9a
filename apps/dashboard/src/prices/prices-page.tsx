import type { ReactElement } from 'react';
import { replace } from '../api/client.js';
import type { PriceList, Prices } from '../api/price-types.js';
import { useAnswer } from '../api/use-answer.js';
import { Facts } from '../calls/facts.js';
import { Field } from '../form/field.js';
import { Form } from '../form/form.js';
import { textOf } from '../form/text-of.js';
import { count, moment, UNKNOWN } from '../format.js';
import { useMayChange } from '../session/session.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';
import { type Column, Table } from '../shell/table.js';
import { QuoteCard } from './quote-card.js';

const PATH = '/admin/prices';
const PAGE_SIZE = 10;
const OWN_COLUMNS: readonly Column[] = [{ name: 'Model' }, { name: 'Prices (USD)' }];
const VERSION_COLUMNS: readonly Column[] = [
  { name: 'Version', isNumber: true },
  { name: 'Since' },
  { name: 'By' },
  { name: 'Models', isNumber: true },
];

/** What models cost: the bundled list, and one's own prices before it. */
export function PricesPage(): ReactElement {
  usePageTitle('Prices');
  const { answer: prices, failure, again } = useAnswer<Prices>(PATH);
  const mayChange = useMayChange();
  return (
    <>
      <h1>Prices</h1>
      <p role="alert" className="failure">
        {failure}
      </p>
      <QuoteCard key={prices?.priceVersion} />
      {prices && <OwnPrices prices={prices} />}
      {mayChange && prices && prices.source !== 'file' && <OwnPriceForm onChange={again} />}
      <section className="card" aria-labelledby="versions">
        <h2 id="versions">Versions of your own prices</h2>
        <Pages<PriceList> key={prices?.version} label="Versions" path={`${PATH}/versions`} size={PAGE_SIZE}>
          {lists => <VersionTable lists={lists} />}
        </Pages>
      </section>
    </>
  );
}

function OwnPrices({ prices }: { readonly prices: Prices }): ReactElement {
  const entries = Object.entries(prices.prices);
  return (
    <Facts
      title="Your own prices"
      facts={[
        ['Version', prices.priceVersion],
        ['From', prices.source === 'file' ? 'the file of AI_GATEWAY_PRICES_FILE' : 'here'],
        ['Since', prices.createdAt === null ? UNKNOWN : moment(prices.createdAt)],
        ['Models', count(prices.models)],
      ]}
    >
      {entries.length > 0 && (
        <Table label="Own prices" columns={OWN_COLUMNS}>
          {entries.map(([model, price]) => (
            <tr key={model}>
              <td>{model}</td>
              <td>
                <code>{JSON.stringify(price)}</code>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Facts>
  );
}

/** Puts one price among the others, which stay; not over a change of somebody else. */
function OwnPriceForm({ onChange }: { readonly onChange: () => void }): ReactElement {
  const send = async (form: FormData): Promise<void> => {
    const model = textOf(form, 'model');
    const price = textOf(form, 'price');
    await replace<Prices>(PATH, ({ prices: { [model]: _before, ...others } }) => ({
      prices: price === '' ? others : { ...others, [model]: priceIn(price) },
    }));
    onChange();
  };
  return (
    <section className="card" aria-labelledby="own">
      <h2 id="own">Put a price</h2>
      <Form action="Put price" onSend={send} done="It holds from the next call on.">
        <Field name="model" label="Model" placeholder="openai/gpt-5-mini" isRequired />
        <Field
          name="price"
          label="Price (JSON)"
          rows={4}
          placeholder='{"input_cost_per_token": 2.5e-7, "output_cost_per_token": 2e-6}'
          hint="As in LiteLLM’s list, in USD. Empty: that of the bundled list again."
        />
      </Form>
    </section>
  );
}

/** @throws Error in words */
function priceIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('The price is no JSON. Write {"input_cost_per_token": 2.5e-7}.', { cause: error });
  }
}

function VersionTable({ lists }: { readonly lists: readonly PriceList[] }): ReactElement {
  if (lists.length === 0) {
    return <p className="empty">There were never any.</p>;
  }
  return (
    <Table label="All versions" columns={VERSION_COLUMNS}>
      {lists.map(({ version, createdAt, authorName, models }) => (
        <tr key={version}>
          <td className="number">{version}</td>
          <td>{moment(createdAt)}</td>
          <td>{authorName}</td>
          <td className="number">{count(models)}</td>
        </tr>
      ))}
    </Table>
  );
}
