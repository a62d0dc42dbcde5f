import assert from "node:assert/strict";
import { test } from "node:test";
import { kind, took } from "../../functions/broker_ui/page/model/tape.js";

const PRINT = { printId: "1.0", time: "2026-11-22T14:30:00.000Z", quantity: 100, price: "161.90", exchange: "EDGA", exchangeType: "LitPool" };

test("an execution of an auction is told as such, and nobody took it", () => {
  const [opening, closing] = [{ ...PRINT, auction: "Opening" }, { ...PRINT, auction: "Closing" }];
  assert.deepEqual(kind(opening), { short: "opening", whole: "Opening auction" });
  assert.deepEqual(kind(closing), { short: "closing", whole: "Closing auction" });
  assert.equal(took(opening), "");
});

test("an execution of a dark pool is told as such, any other has no kind", () => {
  assert.deepEqual(kind({ ...PRINT, exchangeType: "DarkPool" }), { short: "dark", whole: "Dark pool" });
  assert.equal(kind(PRINT), undefined);
});

test("the side that took is told in words beside its colour", () => {
  assert.equal(took({ ...PRINT, aggressor: "Buy" }), "a buy took");
  assert.equal(took({ ...PRINT, aggressor: "Sell" }), "a sell took");
});
