/** What a replacement asks for: what was changed, and nothing else. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { changesOf } from "../../functions/broker_ui/page/model/replacement.js";

const limit = { quantity: 100, price: "161.90" };
const market = { quantity: 100 };

test("only what differs is asked for", () => {
  assert.deepEqual(changesOf(limit, { quantity: "1,200", price: "161.90" }), { quantity: 1200 });
  assert.deepEqual(changesOf(limit, { quantity: "100", price: " 161.95 " }), { price: "161.95" });
  assert.deepEqual(changesOf(limit, { quantity: "50", price: "162" }), { quantity: 50, price: "162" });
});

test("an order without a limit gets none", () => {
  assert.deepEqual(changesOf(market, { quantity: "50", price: "" }), { quantity: 50 });
});

test("what cannot be read or changes nothing is told in words", () => {
  assert.equal(changesOf(limit, { quantity: "0", price: "161.90" }), "Enter a whole number of shares.");
  assert.equal(changesOf(limit, { quantity: "1.5", price: "161.90" }), "Enter a whole number of shares.");
  assert.equal(changesOf(limit, { quantity: "", price: "161.90" }), "Enter a whole number of shares.");
  assert.equal(changesOf(limit, { quantity: "100", price: "161.905" }), "Enter a price with at most two decimals.");
  assert.equal(changesOf(limit, { quantity: "100", price: "161.90" }), "Nothing is changed.");
});
