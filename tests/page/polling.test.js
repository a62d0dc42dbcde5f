import assert from "node:assert/strict";
import { test } from "node:test";
import { Polling } from "../../functions/broker_ui/page/feed/polling.js";

globalThis.document = { hidden: false };

test("a question waits for its answer, and is asked once more if something happens meanwhile", async () => {
  let asked = 0;
  let answer = () => {};
  const polling = new Polling(() => {});
  polling.start("orders", 60_000, () => new Promise((resolve) => ((asked += 1), (answer = resolve))));
  void polling.now("orders");
  void polling.now("orders");
  assert.equal(asked, 1);
  answer();
  await new Promise(setImmediate);
  assert.equal(asked, 2);
  answer();
  polling.stopAll();
});

test("a failure is told, and the question goes on", async () => {
  const told = [];
  const polling = new Polling((name, error) => told.push([name, error.message]));
  polling.start("book", 60_000, () => Promise.reject(new Error("gone")));
  await new Promise(setImmediate);
  await polling.now("book");
  assert.deepEqual(told, [["book", "gone"], ["book", "gone"]]);
  polling.stopAll();
});

test("what is stopped while it is asked says nothing more", async () => {
  const told = [];
  let fail = () => {};
  const polling = new Polling((name) => told.push(name));
  polling.start("life", 1, () => new Promise((_, reject) => (fail = reject)));
  polling.stop("life");
  fail(new Error("late"));
  await new Promise(setImmediate);
  assert.deepEqual(told, []);
});
