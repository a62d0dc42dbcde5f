/** What is said aloud of orders: how they end. Sparsely, because a reader hears one thing at a time. */

import { sentence } from "./order_form.js";
import { isOpen, STATE_NAMES } from "./orders.js";

/** @typedef {import("../types").Order} Order */

/** Orders told singly; more are counted. */
const MOST = 3;

/** Whether it is news that an order has ended. @param {Order} order @param {Order | undefined} known */
export const hasEnded = (order, known) => known !== undefined && isOpen(known) && !isOpen(order);

/** What is said of orders that have ended. @param {Order[]} ended */
export function endings(ended) {
  if (ended.length <= MOST) return ended.map((each) => `${sentence(each)}: ${STATE_NAMES[each.state].toLowerCase()}.`).join(" ");
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const each of ended) counts.set(each.state, (counts.get(each.state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${STATE_NAMES[/** @type {Order["state"]} */ (state)].toLowerCase()}`);
  return `${ended.length} orders have ended: ${parts.join(", ")}.`;
}
