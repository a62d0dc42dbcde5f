import assert from "node:assert/strict";
import { test } from "node:test";
import { executionsOn, firstBar, SECONDS } from "../../functions/broker_ui/page/model/bars.js";

const NOW = Date.parse("2026-11-27T05:19:30.123Z");

test("the chart goes back hours, days or a year, from the beginning of an hour or a day", () => {
  assert.equal(firstBar("1m", NOW), "2026-11-26T23:00:00Z");
  assert.equal(firstBar("5m", NOW), "2026-11-25T17:00:00Z");
  assert.equal(firstBar("1h", NOW), "2026-11-08T00:00:00Z");
  assert.equal(firstBar("1d", NOW), "2025-11-27T00:00:00Z");
});

test("all bars of a range fit into one answer of five hundred, so the last one is among them", () => {
  const end = Date.parse("2026-11-27T23:59:59.999Z");
  for (const [timeframe, seconds] of Object.entries(SECONDS)) {
    assert.ok((end - Date.parse(firstBar(timeframe, end))) / 1000 / seconds <= 500, timeframe);
  }
});

test("executions of the ticker are marked as far back as the bars go, whatever their day", () => {
  const trades = [["COIN", "2026-11-27T05:00:00.000Z"], ["AMD", "2026-11-27T04:00:00.000Z"], ["COIN", "2026-11-26T23:30:00.000Z"], ["COIN", "2026-11-26T22:59:59.999Z"]]
    .map(([ticker, tradeDate]) => ({ ticker, tradeDate }));
  const bars = [{ time: "2026-11-26T23:00:00.000Z" }, { time: "2026-11-27T05:00:00.000Z" }];
  assert.deepEqual(executionsOn(trades, "COIN", bars), [trades[0], trades[2]]);
  assert.deepEqual(executionsOn(trades, "COIN", []), []);
});
