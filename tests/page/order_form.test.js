import assert from "node:assert/strict";
import { test } from "node:test";
import { empty, faultsOf, orderOf, sentence, unusual } from "../../functions/broker_ui/page/model/order_form.js";

const SEED = { ...empty("COIN"), quantity: "8,614", price: "161.90" };
const QUOTE = { ticker: "COIN", bid: "161.88", ask: "161.90" };

test("a filled ticket makes the order that the API takes", () => {
  assert.deepEqual(orderOf(SEED, "000002").order, {
    customerId: "000002", direction: "Buy", ticker: "COIN", type: "Limit", quantity: 8614, price: "161.90", timeInForce: "Day",
  });
});

test("an order has the fields of its type and no others", () => {
  const all = { ...SEED, stopPrice: "160.00" };
  const fields = (type) => Object.keys(orderOf({ ...all, type }, "000002").order).filter((name) => name.endsWith("rice"));
  assert.deepEqual(["Limit", "Market", "Stop", "StopLimit"].map(fields), [["price"], [], ["stopPrice"], ["price", "stopPrice"]]);
});

test("an order is pegged, with an offset, only if that is chosen", () => {
  const pegged = orderOf({ ...SEED, peg: "pegToPrimary", pegOffset: "0.02" }, "000002").order;
  assert.deepEqual([pegged.pegToPrimary, pegged.pegOffset], [true, "0.02"]);
  assert.equal("pegOffset" in orderOf({ ...SEED, pegOffset: "0.02" }, "000002").order, false);
});

test("what cannot be read is told at its field", () => {
  const wrong = { ...SEED, quantity: "1.5", price: "161.901", minimumQuantity: "x" };
  assert.deepEqual(Object.keys(orderOf(wrong, "000002").faults), ["quantity", "price", "minimumQuantity"]);
  assert.deepEqual(orderOf({ ...SEED, quantity: "0" }, "000002").order, undefined);
});

test("a limit far from the quote and an unusual size are warned of", () => {
  const before = [100, 100, 100].map((quantity) => ({ quantity }));
  const order = { ...orderOf(SEED, "000002").order };
  assert.equal(unusual(order, QUOTE, []).length, 0);
  assert.match(unusual({ ...order, price: "100.00" }, QUOTE, [])[0], /−38.23% from the ask/);
  assert.match(unusual(order, QUOTE, before)[0], /far more than usual/);
  assert.match(unusual({ ...order, price: undefined, stopPrice: "150.00" }, QUOTE, [])[0], /elected at once/);
});

test("a refusal is told at the field that it is about", () => {
  const faults = [{ pointer: "/price", code: "x", detail: "price is wrong" }, { pointer: "/clientOrderId", code: "x", detail: "id" }];
  assert.deepEqual(faultsOf({ code: "invalid-order", message: "", errors: faults }), { faults: { price: "price is wrong" }, rest: "id" });
  assert.deepEqual(faultsOf({ code: "insufficient-funds", message: "too little", errors: [] }), { faults: { quantity: "too little" }, rest: "" });
  assert.deepEqual(faultsOf({ code: "trading-halted", message: "suspended", errors: [] }), { faults: {}, rest: "suspended" });
});

test("an order is a sentence", () => {
  assert.equal(sentence({ direction: "Buy", quantity: 8614, ticker: "COIN", price: "161.90" }), "Buy 8,614 COIN at 161.90");
  assert.equal(sentence({ direction: "Sell", quantity: 1, ticker: "F", type: "Market" }), "Sell 1 F at the market");
});
