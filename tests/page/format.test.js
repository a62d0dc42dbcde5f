import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, clock, passed, percent, shares, signed } from "../../functions/broker_ui/page/model/format.js";

test("amounts have groups and keep all of their digits", () => {
  assert.equal(amount("1394606.60"), "1,394,606.60");
  assert.equal(amount("-1000"), "−1,000");
  assert.equal(amount(undefined), "–");
  assert.equal(shares(1000000), "1,000,000");
});

test("a profit has its sign, nothing has none", () => {
  assert.deepEqual(["12.00", "-12.00", "0.00"].map(signed), ["+12.00", "−12.00", "0.00"]);
  assert.equal(percent(-0.0512), "−5.12%");
});

test("a time is shown in UTC on demand, with milliseconds if asked", () => {
  assert.equal(clock("2026-11-22T14:30:00.123Z", true), "14:30:00");
  assert.equal(clock("2026-11-22T14:30:00.123Z", true, true), "14:30:00.123");
});

test("a time that has passed is told by its largest parts", () => {
  assert.deepEqual([33, 4200, 184_000, 7_500_000, 200_000_000].map(passed), ["+33 ms", "+4.2 s", "+3 min 4 s", "+2 h 5 min", "+2 days"]);
});
