import assert from "node:assert/strict";
import { test } from "node:test";
import { isNewer, mayCancel, mayReplace, rows, terms } from "../../functions/broker_ui/page/model/orders.js";

const order = (orderId, fields = {}) => ({
  orderId, ticker: "COIN", direction: "Buy", type: "Limit", state: "New", quantity: 100, cumulativeQuantity: 0, leavesQuantity: 100, ...fields,
});
const ALL = { text: "", state: "all", ticker: "" };
const ids = (found) => found.map((each) => each.orderId);

test("rows are filtered by state, ticker and words, and ended orders are kept", () => {
  const all = [order("1"), order("2", { state: "Filled", ticker: "AMD" }), order("3", { direction: "Sell" })];
  const sorting = { column: "time", descending: false };
  assert.deepEqual(ids(rows(all, ALL, sorting)), ["1", "2", "3"]);
  assert.deepEqual(ids(rows(all, { ...ALL, state: "open" }, sorting)), ["1", "3"]);
  assert.deepEqual(ids(rows(all, { ...ALL, state: "ended" }, sorting)), ["2"]);
  assert.deepEqual(ids(rows(all, { ...ALL, ticker: "AMD" }, sorting)), ["2"]);
  assert.deepEqual(ids(rows(all, { ...ALL, text: "sell coin" }, sorting)), ["3"]);
});

test("prices sort as numbers, and equal ones by time", () => {
  const all = [order("1", { price: "9.00" }), order("2", { price: "10.00" }), order("3", { price: "9.00" })];
  assert.deepEqual(ids(rows(all, ALL, { column: "price", descending: true })), ["2", "3", "1"]);
});

test("an order that is older news does not replace what is known", () => {
  const known = order("1", { customerSequence: 5, cumulativeQuantity: 50 });
  assert.equal(isNewer(order("1", { customerSequence: 4 }), known), false);
  assert.equal(isNewer(order("1", { customerSequence: 6 }), known), true);
  assert.equal(isNewer(order("1"), order("1", { state: "Filled", cumulativeQuantity: 100 })), false);
  assert.equal(isNewer(order("1"), undefined), true);
});

test("what is pending is not replaced, and what is being canceled not canceled", () => {
  const may = (state) => [mayCancel(order("1", { state })), mayReplace(order("1", { state }))];
  assert.deepEqual(may("New"), [true, true]);
  assert.deepEqual(may("PendingReplace"), [true, false]);
  assert.deepEqual(may("PendingCancel"), [false, false]);
  assert.deepEqual(may("Filled"), [false, false]);
});

test("what an order asks for beside its type and limit is told", () => {
  assert.equal(terms(order("1", { timeInForce: "Day" })), "");
  assert.equal(terms(order("1", { stopPrice: "170.00", timeInForce: "GTC" })), "at 170.00, GTC");
  assert.equal(terms(order("1", { pegToMidpoint: true, poolOnly: true, minimumQuantity: 1500 })), "midpoint, at least 1,500, pool only");
  assert.equal(terms(order("1", { pegToPrimary: true, pegOffset: "0.02", postOnly: true })), "best price of its side, offset 0.02, post only");
});
