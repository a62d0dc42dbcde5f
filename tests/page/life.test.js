import assert from "node:assert/strict";
import { test } from "node:test";
import { delays, steps } from "../../functions/broker_ui/page/model/life.js";

const AT = ["2026-11-22T14:30:00.000Z", "2026-11-22T14:30:00.030Z", "2026-11-22T14:30:00.042Z"];
const trade = (quantity, exchange) => ({
  quantity, price: "161.90", fee: "0.10", exchange, exchangeType: "LitPool", tradeDate: AT[1], settlementDate: AT[2], valueDate: "2026-11-23",
});
const LIFE = {
  orderDate: AT[0], firstPool: "Lit",
  transitions: [{ time: AT[0], state: "PendingNew" }, { time: AT[1], state: "Filled" }],
  executions: [trade(1000, "IEX"), trade(614, "EDGA")],
};

test("an order passes the stages in their order, with its slices where it traded", () => {
  const all = steps(LIFE);
  assert.deepEqual(all.map((step) => step.stage), ["order_entry", "smart_order_router", "lit_pool_matching_engine", "post_trade_processor", "settlement"]);
  assert.deepEqual(all[2].slices.map((slice) => slice.venue), ["IEX", "EDGA"]);
  assert.match(all[2].what, /1,614 shares in 2 executions: Filled/);
});

test("the times between are those of the steps that have one", () => {
  assert.deepEqual(delays(steps(LIFE)), [undefined, undefined, 30, 12, undefined]);
});

test("a refused order has no stage but the first", () => {
  const all = steps({ orderDate: AT[0], problem: { code: "x", detail: "too little cash" }, transitions: [], executions: [] });
  assert.deepEqual(all.map((step) => [step.stage, step.what]), [["order_entry", "refused: too little cash"]]);
});
