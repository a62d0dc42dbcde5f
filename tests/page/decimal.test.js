import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, distance, middle, text, units, worth } from "../../functions/broker_ui/page/model/decimal.js";

test("an amount comes back as it was, without a float in between", () => {
  for (const amount of ["0.00", "0.10", "161.90", "-1394606.60", "99999999999999.99"]) assert.equal(text(units(amount)), amount);
});

test("what shares are worth is exact", () => {
  assert.equal(text(worth("161.90", 8614)), "1394606.60");
  assert.equal(text(worth("0.07", 3)), "0.21");
});

test("amounts compare as numbers, not as text", () => {
  assert.equal(compare("9.00", "10.00"), -1);
  assert.equal(compare("-9.00", "-10.00"), 1);
  assert.equal(compare("1.5", "1.50"), 0);
});

test("the middle of half a tick has three decimals", () => assert.equal(middle("161.88", "161.91"), "161.895".padEnd(8, "0")));

test("a distance is a fraction of where it is from", () => assert.equal(distance("170.00", "161.90").toFixed(4), "0.0500"));

test("what is no amount is refused", () => {
  for (const wrong of ["", "1e5", "1,000", "NaN", "1."]) assert.throws(() => units(wrong), RangeError);
});
