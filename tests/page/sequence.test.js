import assert from "node:assert/strict";
import { test } from "node:test";
import { Sequence } from "../../functions/broker_ui/page/model/sequence.js";

test("numbers that come in turn leave nothing missing", () => {
  const sequence = new Sequence(17);
  assert.deepEqual([18, 19].map((number) => sequence.take(number)), [true, true]);
  assert.deepEqual([sequence.reached, sequence.missing], [19, false]);
});

test("a number that comes again is known", () => {
  const sequence = new Sequence(17);
  sequence.take(19);
  assert.deepEqual([17, 19].map((number) => sequence.take(number)), [false, false]);
});

test("a number that does not come is missing until it comes", () => {
  const sequence = new Sequence(17);
  sequence.take(20);
  sequence.take(18);
  assert.equal(sequence.missing, true);
  sequence.take(19);
  assert.deepEqual([sequence.reached, sequence.missing, sequence.above.size], [20, false, 0]);
});

test("what the server says there is counts as missing, and a snapshot makes it good", () => {
  const sequence = new Sequence(17);
  sequence.hear(20);
  sequence.take(21);
  assert.equal(sequence.missing, true);
  sequence.reach(20);
  assert.deepEqual([sequence.reached, sequence.missing], [21, false]);
});

test("any order of any deliveries ends at the same number", () => {
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  for (let turn = 0; turn < 50; turn++) {
    const sequence = new Sequence(0);
    const shuffled = [...numbers, ...numbers].sort(() => Math.random() - 0.5);
    const fresh = shuffled.filter((number) => sequence.take(number));
    assert.deepEqual([fresh.length, sequence.reached, sequence.missing], [7, 7, false]);
  }
});
