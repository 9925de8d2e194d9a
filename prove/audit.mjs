// Whether the money is right: what the callers had, what the vendors billed, what the ledger and the budgets say.
import { ledgerOf, sumsOf } from './admin.mjs';
import { checkAnswers } from './answers.mjs';
import { Findings } from './findings.mjs';
import { checkLimits } from './limits.mjs';
import { checkMinutes } from './minute.mjs';
import { paidFor } from './paid.mjs';
import { billed } from './prices.mjs';
import { checkTold } from './told.mjs';

/** This part of a hard budget can be used, at least. */
const USABLE = 0.95;

/**
 * All that must hold after a run in which everything has been shipped.
 *
 * @returns `{ findings, figures }`: what does not hold, in words, and a figure for each project, in nano-USD
 */
export async function audit(run) {
  const { calls, projects, gateways, simulator, end } = run;
  const findings = new Findings();
  const receipts = await receiptsOf(simulator, findings);
  checkAnswers(findings, run);
  checkLimits(findings, run, receipts);
  const figures = [];
  for (const project of projects) {
    const ledger = await ledgerOf(gateways[0], project.id);
    const own = calls.filter(call => call.project === project);
    const unsure = checkLedger(findings, { project, calls: own, receipts, ledger });
    const sold = own.flatMap(({ name }) => receipts.get(name) ?? []);
    checkSums(findings, { project, ledger, sums: await sumsOf(gateways[0], project.id) });
    const figure = {
      project,
      billed: sum(sold),
      ledger: sum(ledger),
      paid: ledger.reduce((all, record) => all + paidFor(record), 0),
      records: ledger.length,
      ...unsure,
    };
    if (project.budget?.period === 'minute') {
      Object.assign(figure, checkMinutes(findings, { project, calls: own, receipts, ledger, end }));
    } else {
      await checkBudget(findings, figure);
    }
    checkUsable(findings, figure);
    figures.push(figure);
  }
  return { findings: findings.lines(), figures };
}

/** By the names of the calls. The proof itself is wrong when they do not come to the bill. */
async function receiptsOf(simulator, findings) {
  const [issued, bill] = await Promise.all(
    ['receipts', 'bill'].map(async path => (await fetch(`${simulator}/${path}`)).json()),
  );
  const receipts = issued.map(one => ({ ...one, costNanoUsd: billed(one.vendor, one.model, one) }));
  const lines = Object.entries(bill).flatMap(([vendor, models]) =>
    Object.entries(models).map(([model, line]) => ({ costNanoUsd: billed(vendor, model, line) })),
  );
  findings.expect(sum(receipts) === sum(lines), 'receipts are not the bill', () => [
    sum(receipts),
    sum(lines),
  ]);
  return Map.groupBy(receipts, ({ name }) => name);
}

/** @returns what nobody can tell to the nano-USD, because the caller left or the gateway was killed */
function checkLedger(findings, { project, calls, receipts, ledger }) {
  const records = new Map(ledger.map(record => [record.id, record]));
  findings.expect(records.size === ledger.length, 'a record came twice', () => project.name);
  const unsure = { sold: [], records: [], short: 0 };
  const unknown = { sold: [], records: new Set(ledger) };
  for (const call of calls) {
    const sold = receipts.get(call.name) ?? [];
    const record = records.get(call.id);
    unknown.records.delete(record);
    findings.expect(sold.length <= 1, 'a vendor was asked twice for one call', () => call);
    if (call.end === 'whole') {
      checkWhole(findings, { call, sold, record });
    } else if (call.id === null) {
      unknown.sold.push(...sold);
    } else {
      findings.expect(record || sold.length === 0, 'a billed call has no record', () => call);
      findings.expect(isRight(record, sum(sold)), 'a cut call has a wrong record', () => [
        call,
        record,
        sold,
      ]);
      unsure.sold.push(...sold);
      unsure.records.push(...(record ? [record] : []));
      unsure.short += Math.max(0, sum(sold) - (record?.costNanoUsd ?? Infinity));
    }
  }
  checkUnknown(findings, unknown);
  unsure.sold.push(...unknown.sold);
  unsure.records.push(...unknown.records);
  const unsettled = unsure.records.filter(({ outcome }) => outcome === 'unsettled').length;
  return {
    unsureCalls: unsure.records.length,
    unsureBilled: sum(unsure.sold),
    unsureLedger: sum(unsure.records),
    unsettled,
    short: unsure.short,
  };
}

/** Who has an answer to its end finds it in the ledger, once, at the price that the vendor billed. */
function checkWhole(findings, { call, sold, record }) {
  const cost = record?.costNanoUsd ?? 0;
  if (call.status === 200) {
    const isEqual = record && sold.length === 1 && cost === sum(sold) && !record.estimated;
    findings.expect(isEqual, 'an answered call is not in the ledger as billed', () => [call, record, sold]);
    checkTold(findings, { call, record });
    findings.expect(record?.outcome === 'completed', 'an answered call is not completed', () => [
      call,
      record,
    ]);
  } else {
    findings.expect(sold.length === 0, 'a refused call was billed', () => [call, sold]);
    findings.expect(cost === 0, 'a refused call cost something', () => [call, record]);
  }
}

/** The hourly sums, which are written with the records, are what the records add up to. */
function checkSums(findings, { project, ledger, sums }) {
  for (const field of ['costNanoUsd', 'inputTokens', 'outputTokens']) {
    const own = ledger.reduce((all, record) => all + (record[field] ?? 0), 0);
    findings.expect(
      Number(sums[field] ?? 0) === own,
      'an hourly sum is not what the records add up to',
      () => [project.name, field, sums[field], own],
    );
  }
  findings.expect((sums.calls ?? 0) === ledger.length, 'the hourly sums have other calls', () => [
    project.name,
    sums.calls,
    ledger.length,
  ]);
}

/** An estimate may be wrong by what was under way; what is unsettled covers what was billed, where a budget said how much. */
function isRight(record, billedNanoUsd) {
  if (!record || record.costNanoUsd === null) {
    return !record || record.outcome === 'unsettled';
  }
  if (record.outcome === 'unsettled') {
    return record.costNanoUsd >= billedNanoUsd;
  }
  return record.estimated || record.costNanoUsd === billedNanoUsd;
}

/** Of calls whose ids their callers never heard: what is certain is a receipt's cost, and there are enough records. */
function checkUnknown(findings, { sold, records }) {
  const left = Map.groupBy(sold, keyOf);
  const asked = [...records].filter(({ attempts }) => attempts > 0);
  for (const record of asked.filter(({ estimated, outcome }) => !estimated && outcome !== 'unsettled')) {
    const same = left.get(keyOf({ model: record.modelUsed, costNanoUsd: record.costNanoUsd }));
    findings.expect(record.costNanoUsd === 0 || same?.pop(), 'a record has no receipt', () => record);
  }
  findings.expect(sold.length <= asked.length, 'billed calls have no record', () => [
    sold.length,
    asked.length,
  ]);
}

function keyOf({ model, costNanoUsd }) {
  return `${model} ${costNanoUsd}`;
}

async function checkBudget(findings, { project, billed, ledger, paid }) {
  if (!project.budget) {
    return;
  }
  const { spentUsd, reservedUsd } = await project.spending();
  const spent = Math.round(spentUsd * 1e9);
  const { hard, limitUsd } = project.budget;
  const limit = Math.round(limitUsd * 1e9);
  const about = () => ({ project: project.name, limit, billed, ledger, paid, spent, reservedUsd });
  findings.expect(spent === paid, 'a budget has not counted what it paid by the ledger', about);
  findings.expect(reservedUsd === 0, 'something is still set aside', about);
  findings.expect(!hard || billed <= limit, 'a budget was EXCEEDED', about);
  findings.expect(!hard || spent <= limit, 'a budget was exceeded in its own count', about);
}

/** By what budgets paid: for calls that were cut it may be more than their vendors billed. */
function checkUsable(findings, { project: { name, budget }, paid, used = paid }) {
  if (budget?.hard) {
    const limit = Math.round(budget.limitUsd * 1e9);
    findings.expect(used >= limit * USABLE, 'a budget was not usable', () => [name, { limit, used }]);
  }
}

function sum(list) {
  return list.reduce((all, { costNanoUsd }) => all + (costNanoUsd ?? 0), 0);
}
