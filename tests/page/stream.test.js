/** The page's end of the stream, against a socket that says what a test wants. */

import assert from "node:assert/strict";
import { mock, test } from "node:test";

class Socket {
  static OPEN = 1;
  static all = [];
  readyState = 1;
  sent = [];
  constructor() {
    Socket.all.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
    this.onclose();
  }
  tell(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  actions() {
    return this.sent.map((each) => each.action);
  }
}
globalThis.WebSocket = Socket;
const { Stream } = await import("../../functions/broker_ui/page/feed/stream.js");

/** A stream that has said who it is, with all that it told. */
function opened() {
  Socket.all = [];
  const told = [];
  const teller = (name) => (value) => told.push([name, value]);
  const listener = { phase: teller("phase"), update: teller("update"), behind: teller("behind"), snapshot: teller("snapshot"), latency: () => undefined, account: () => undefined };
  const stream = new Stream("wss://stream", { keyId: "key", secret: "secret" }, listener);
  stream.listen("000002", "COIN");
  const [socket] = Socket.all;
  socket.onopen();
  socket.tell({ type: "authenticated", role: "customer" });
  return { stream, socket, told, phases: () => told.filter(([name]) => name === "phase").map(([, value]) => value) };
}
const subscribed = { type: "subscribed", customerId: "000002", customerSequence: 7, accountSequence: 0 };
const update = (number, time = "2026-11-22T10:00:00.000Z") => ({ type: "updates", updates: [{ type: "ordersUpdated", customerId: "000002", customerSequence: number, time, orders: [] }] });

test("the secret goes in the first frame, and what is chosen is subscribed to", (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const { socket, stream } = opened();
  assert.deepEqual(socket.sent[0], { action: "authenticate", keyId: "key", secretKey: "secret" });
  assert.deepEqual(socket.actions(), ["authenticate", "subscribe", "subscribe", "ping"]);
  stream.end();
});

test("a subscription that is not answered is asked again by another connection", (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const { socket, stream, phases } = opened();
  socket.tell({ type: "pong", customers: {} });
  socket.tell({ type: "error", code: "unavailable", action: "subscribe", detail: "" });
  mock.timers.tick(10_000);
  assert.deepEqual(phases(), ["connecting", "lost"]);
  mock.timers.tick(1_000);
  assert.equal(Socket.all.length, 2);
  stream.end();
});

test("one that is answered stays", (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const { socket, stream, phases } = opened();
  socket.tell(subscribed);
  socket.tell({ type: "pong", customers: { "000002": 7 } });
  mock.timers.tick(20_000);
  assert.deepEqual(phases(), ["connecting", "live"]);
  stream.end();
});

test("a number that does not come is asked for after two seconds, and marked", (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const { socket, stream, told } = opened();
  socket.tell(subscribed);
  socket.tell(update(8));
  socket.tell(update(10));
  assert.equal(told.filter(([name]) => name === "update").length, 2);
  mock.timers.tick(2_000);
  assert.deepEqual(socket.sent.at(-1), { action: "resume", customerId: "000002", after: 8, since: "2026-11-22T10:00:00.000Z" });
  assert.deepEqual(told.at(-1), ["behind", true]);
  socket.tell(update(9));
  socket.tell(update(9));
  assert.equal(told.filter(([name]) => name === "update").length, 3);
  assert.deepEqual(told.filter(([name]) => name === "behind").at(-1), ["behind", false]);
  stream.end();
});

test("after a loss it resumes from the number that it has, after too long a one all is asked for", (context) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => mock.timers.reset());
  const { socket, stream, told } = opened();
  socket.tell(subscribed);
  socket.tell(update(8));
  socket.close();
  mock.timers.tick(1_000);
  const second = Socket.all[1];
  second.onopen();
  second.tell({ type: "authenticated" });
  second.tell({ ...subscribed, customerSequence: 600 });
  assert.deepEqual(second.sent.at(-1), { action: "resume", customerId: "000002", after: 8, since: "2026-11-22T10:00:00.000Z" });
  second.tell({ type: "snapshotRequired", customerId: "000002", customerSequence: 600 });
  assert.equal(told.filter(([name]) => name === "snapshot").length, 2);
  second.tell(update(601));
  assert.deepEqual(told.filter(([name]) => name === "behind").at(-1), ["behind", false]);
  stream.end();
});
