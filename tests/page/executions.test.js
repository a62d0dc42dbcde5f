import assert from "node:assert/strict";
import { test } from "node:test";
import { Executions, MOST } from "../../functions/broker_ui/page/feed/executions.js";

/** Trades by number, the newest first: number 7 was at minute 7. */
const trade = (number) => ({ tradeId: `t${number}`, tradeDate: at(number) });
const at = (minute) => new Date(Date.parse("2026-11-22T00:00:00.000Z") + minute * 60_000).toISOString();
const numbers = (trades) => trades.map((each) => Number(each.tradeId.slice(1)));
const upTo = (last) => Array.from({ length: last }, (_, place) => last - place);

/** An API that has these trades, in pages; what it was asked. */
function api(size) {
  const api = { trades: [], asked: [] };
  api.page = async (nextToken = "0") => {
    api.asked.push(nextToken);
    const end = Number(nextToken) + size;
    return { trades: api.trades.slice(Number(nextToken), end).map(trade), ...(end < api.trades.length ? { nextToken: String(end) } : {}) };
  };
  return api;
}

test("pages are asked for until they reach the time, and no further", async () => {
  const its = api(3);
  its.trades = upTo(20);
  const executions = new Executions(its.page);
  assert.deepEqual(numbers(await executions.since(at(15))), [20, 19, 18, 17, 16, 15, 14, 13, 12]);
  assert.deepEqual(its.asked, ["0", "3", "6"]);
});

test("what is known is not asked for again, and the same list means that nothing is new", async () => {
  const its = api(3);
  its.trades = upTo(20);
  const executions = new Executions(its.page);
  const first = await executions.since(at(15));
  its.asked = [];
  assert.equal(await executions.since(at(15)), first);
  assert.deepEqual(its.asked, ["0"]);
  its.trades = upTo(25);
  assert.deepEqual(numbers(await executions.since(at(15))), [25, 24, 23, 22, 21, ...numbers(first)]);
  assert.deepEqual(its.asked, ["0", "0", "3"]);
});

test("a range that goes further back is asked for, once", async () => {
  const its = api(3);
  its.trades = upTo(12);
  const executions = new Executions(its.page);
  await executions.since(at(11));
  assert.deepEqual(numbers(await executions.since(at(0))), upTo(12));
  its.asked = [];
  assert.deepEqual(numbers(await executions.since(at(0))), upTo(12));
  assert.deepEqual(its.asked, ["0"]);
});

test("after a pause in which more happened than the range holds, what lies between is asked for when it is wanted", async () => {
  const its = api(3);
  its.trades = upTo(6);
  const executions = new Executions(its.page);
  await executions.since(at(0));
  its.trades = upTo(30);
  await executions.since(at(28));
  assert.deepEqual(numbers(await executions.since(at(0))), upTo(30));
});

test("a trade that was booked late takes its place", async () => {
  const its = api(10);
  its.trades = [5, 4, 2, 1];
  const executions = new Executions(its.page);
  await executions.since(at(0));
  its.trades = upTo(5);
  assert.deepEqual(numbers(await executions.since(at(0))), upTo(5));
});

test("more than anybody sees is not asked for", async () => {
  const its = api(1_000);
  its.trades = upTo(MOST + 2_000);
  assert.equal((await new Executions(its.page).since(at(0))).length, MOST);
  assert.equal(its.asked.length, MOST / 1_000);
});
