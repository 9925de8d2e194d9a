import type { ReactElement } from 'react';
import type { UsageDetails } from '../api/types.js';
import { count, duration, moment, UNKNOWN, usd } from '../format.js';
import { type Fact, Facts } from './facts.js';

/** What was used, by kind, and what that cost. */
export function CostCard({ call }: { readonly call: UsageDetails }): ReactElement {
  return <Facts title="Use and cost" facts={[...useOf(call), ...costOf(call), ...correctionsOf(call)]} />;
}

function useOf(call: UsageDetails): Fact[] {
  const tokens: [name: string, tokens: number][] = [
    ['Input tokens', call.inputTokens],
    ['… read from a cache', call.cacheReadTokens],
    ['… written to a cache', call.cacheWriteTokens],
    ['… of sound', call.audioInputTokens],
    ['Output tokens', call.outputTokens],
    ['… of reasoning', call.reasoningTokens],
    ['… of sound, made', call.audioOutputTokens],
  ];
  const used = tokens.filter(([name, number]) => number > 0 || !name.startsWith('…'));
  const sound: Fact[] = call.audioMs === null ? [] : [['Sound', duration(call.audioMs)]];
  return [...used.map(([name, number]): Fact => [name, count(number)]), ...sound];
}

function costOf(call: UsageDetails): Fact[] {
  const doubts = [
    call.estimated && 'tokens are estimated',
    call.priceExact === false && 'by a similar price',
  ].filter(Boolean);
  const now = call.corrections.at(-1)?.costNanoUsd ?? call.costNanoUsd;
  return [
    ['Cost', `${usd(now)}${doubts.length > 0 ? ` (${doubts.join(', ')})` : ''}`],
    ['Prices', call.priceVersion ?? UNKNOWN],
    ['Saved', usd(call.savedNanoUsd)],
  ];
}

function correctionsOf({ corrections }: UsageDetails): Fact[] {
  return corrections.map(({ number, createdAt, costNanoUsd, differenceNanoUsd, toVersion }) => [
    `Correction ${number}`,
    `${usd(costNanoUsd)} by ${toVersion} (${usd(differenceNanoUsd)}), ${moment(createdAt)}`,
  ]);
}
