/** A long list is drawn where it is looked at. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { rowWindow, stepped } from "../../functions/broker_ui/page/model/row_window.js";

test("a short list is drawn whole, wherever it is scrolled", () => {
  assert.deepEqual(rowWindow(120, 0), { first: 0, end: 120 });
  assert.deepEqual(rowWindow(120, 90), { first: 0, end: 120 });
  assert.deepEqual(rowWindow(0, 0), { first: 0, end: 0 });
});

test("of a long one what is in sight is drawn, and what is near", () => {
  assert.deepEqual(rowWindow(500, 0), { first: 0, end: 100 });
  assert.deepEqual(rowWindow(500, 199), { first: 160, end: 260 });
  assert.deepEqual(rowWindow(500, 480), { first: 400, end: 500 });
});

test("the window does not move with each row", () => {
  assert.equal(stepped(45), stepped(59));
  assert.notEqual(stepped(59), stepped(60));
});

test("every row can come into sight: whatever is scrolled to is within what is drawn", () => {
  for (let seen = 0; seen < 500; seen++) {
    const { first, end } = rowWindow(500, seen);
    assert.ok(first <= seen && seen < end && end - first === 100);
  }
});
