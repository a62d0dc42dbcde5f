/** What a broker sees of the stages, and what is said aloud of orders. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { comparedWords, deadCount, stageRows } from "../../functions/broker_ui/page/model/operations.js";
import { endings, hasEnded } from "../../functions/broker_ui/page/model/endings.js";

const WORK = { stages: [{ stage: "market_data", waiting: 3, inFlight: 1 }], settlement: { valueDate: "2026-11-22", due: 0 } };
const RECORD = { stage: "snapshot_taker", id: "1", since: "2026-11-22T10:00:00.000Z", reason: "it is cut off", keys: ["lit#COIN", "200"] };
const LETTERS = {
  queues: [
    { stage: "market_data", kind: "dlq", count: 2 }, { stage: "market_data", kind: "undelivered", count: 1 },
    { stage: "settlement", kind: "failed", count: 0 }, { stage: "topics", kind: "unrouted", count: 4 },
  ],
  recordCount: 1_200, records: [RECORD], givenUp: 5,
};

test("a stage has one row with all that is dead-lettered of it, and says why", () => {
  assert.deepEqual(stageRows(WORK, LETTERS), [
    { stage: "market_data", waiting: 3, inFlight: 1, dead: 3, reasons: ["2 could not be processed", "1 could not be delivered"] },
    { stage: "settlement", dead: 0, reasons: [] },
    { stage: "topics", dead: 4, reasons: ["4 no stage subscribes to"] },
    { stage: "snapshot_taker", dead: 1, reasons: ["1 records of the stream, of the newest"] },
  ]);
});

test("all places of dead letters count", () => {
  assert.equal(deadCount(LETTERS), 7 + 1_200 + 5);
  assert.equal(deadCount({ queues: [], recordCount: 0, records: [], givenUp: 0 }), 0);
});

test("what was compared is told in words", () => {
  assert.equal(comparedWords({ tickerDays: 4, bookings: 12_000 }), "12,000 bookings, 4 ticker days");
});

const order = (state, fields = {}) => ({ direction: "Buy", quantity: 10, ticker: "COIN", price: "161.90", type: "Limit", state, ...fields });

test("only the end of an order that was open is news", () => {
  assert.equal(hasEnded(order("Filled"), order("New")), true);
  assert.equal(hasEnded(order("Filled"), order("Filled")), false);
  assert.equal(hasEnded(order("New"), order("PendingNew")), false);
  assert.equal(hasEnded(order("Filled"), undefined), false);
});

test("a few endings are said one by one, many are counted", () => {
  assert.equal(endings([order("Filled"), order("Canceled")]), "Buy 10 COIN at 161.90: filled. Buy 10 COIN at 161.90: canceled.");
  const many = [order("Filled"), order("Filled"), order("Filled"), order("Rejected")];
  assert.equal(endings(many), "4 orders have ended: 3 filled, 1 rejected.");
});
