/** An order's life as steps: which stage did what, when, and with which executions. */

import { STATE_NAMES } from "./orders.js";

/** @typedef {import("../types").Life} Life */
/** @typedef {import("../types").Trade} Trade */
/** @typedef {{venue: string, quantity: number, price: string, fee: string}} Slice */
/** @typedef {{stage: string, time?: string, what: string, slices: Slice[], kind: "entry" | "route" | "dark" | "lit" | "book" | "settle"}} Step */

/** @param {Life} life @returns {Step[]} */
export function steps(life) {
  /** @type {Step[]} */
  const all = [entered(life)];
  if (life.firstPool) {
    all.push({ stage: "smart_order_router", what: `goes to the ${life.firstPool.toLowerCase()} pools first`, slices: [], kind: "route" });
  }
  const executions = byTime(life.executions);
  let pool = life.firstPool ?? "Lit";
  for (const step of life.transitions) {
    const done = executions.get(step.time) ?? [];
    executions.delete(step.time);
    if (step.state === "PendingNew" && !done.length) continue;
    if (done[0]) pool = done[0].exchangeType === "DarkPool" ? "Dark" : "Lit";
    if (step.state.startsWith("Pending")) {
      all.push({ stage: "order_entry", time: step.time, what: STATE_NAMES[step.state].toLowerCase(), slices: [], kind: "entry" });
    } else {
      all.push(...engineStep(pool, step.time, STATE_NAMES[step.state], step.reason, done));
    }
  }
  for (const [time, done] of executions) all.push(...engineStep(done[0]?.exchangeType === "DarkPool" ? "Dark" : "Lit", time, "", undefined, done));
  const dates = [...new Set(life.executions.map((each) => each.valueDate))].sort();
  for (const date of dates) all.push({ stage: "settlement", what: `money and shares change hands on ${date}`, slices: [], kind: "settle" });
  return all;
}

/** @param {Life} life @returns {Step} */
const entered = (life) => ({
  stage: "order_entry", time: life.orderDate, slices: [], kind: "entry",
  what: life.problem ? `refused: ${life.problem.detail}` : "accepted, and its money or shares reserved",
});

/** @param {"Dark" | "Lit"} pool @param {string} time @param {string} state @param {string | undefined} reason @param {Trade[]} done @returns {Step[]} */
function engineStep(pool, time, state, reason, done) {
  const filled = done.reduce((sum, each) => sum + each.quantity, 0);
  const said = [
    done.length ? `${filled.toLocaleString("en-US")} shares in ${done.length} execution${done.length === 1 ? "" : "s"}` : "",
    state ? `${state}${reason ? ` (${reason})` : ""}` : "",
  ];
  const what = said.filter(Boolean).join(": ");
  const slices = done.map((each) => ({ venue: each.exchange, quantity: each.quantity, price: each.price, fee: each.fee }));
  /** @type {Step} */
  const matched = { stage: `${pool.toLowerCase()}_pool_matching_engine`, time, what, slices, kind: pool === "Dark" ? "dark" : "lit" };
  const booked = [...new Set(done.map((each) => each.settlementDate))].filter((each) => each !== undefined).sort();
  return [matched, ...booked.map((at) => /** @type {Step} */ ({ stage: "post_trade_processor", time: at, what: "booked, told to all who listen", slices: [], kind: "book" }))];
}

/** @param {Trade[]} trades */
function byTime(trades) {
  /** @type {Map<string, Trade[]>} */
  const found = new Map();
  for (const each of trades) found.set(each.tradeDate, [...(found.get(each.tradeDate) ?? []), each]);
  return found;
}

/** How long each step came after the one before that has a time, in milliseconds. @param {Step[]} all @returns {(number | undefined)[]} */
export function delays(all) {
  let before = NaN;
  return all.map((step) => {
    if (!step.time) return undefined;
    const at = Date.parse(step.time);
    const delay = Number.isNaN(before) ? undefined : Math.max(0, at - before);
    before = at;
    return delay;
  });
}
