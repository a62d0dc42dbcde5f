/** The blotter's rows: which orders are shown, in which order, and what may be done with each. */

import { compare } from "./decimal.js";
import { amount, shares } from "./format.js";

/** @typedef {import("../types").Order} Order */
/** @typedef {{text: string, state: "open" | "ended" | "all", ticker: string}} Filter */
/** @typedef {{column: string, descending: boolean}} Sorting */

const ENDED = new Set(["Filled", "Canceled", "Expired", "Rejected"]);
export const STATE_NAMES = {
  PendingNew: "Pending new", New: "New", PartiallyFilled: "Partly filled", Filled: "Filled", PendingCancel: "Pending cancel",
  Canceled: "Canceled", PendingReplace: "Pending replace", Rejected: "Rejected", Expired: "Expired",
};

/** @param {Order} order */
export const isOpen = (order) => !ENDED.has(order.state);
/** @param {Order} order */
export const mayCancel = (order) => isOpen(order) && order.state !== "PendingCancel";
/** @param {Order} order */
export const mayReplace = (order) => isOpen(order) && !order.state.startsWith("Pending");

/** The terms of an order beside its type and limit, like "at 170.00, GTC, pool only". @param {Order} order */
export const terms = (order) =>
  [
    order.stopPrice ? `at ${amount(order.stopPrice)}` : "",
    order.timeInForce && order.timeInForce !== "Day" ? order.timeInForce : "",
    order.pegToMidpoint ? "midpoint" : order.pegToPrimary ? "best price of its side" : "",
    order.pegOffset ? `offset ${amount(order.pegOffset)}` : "",
    order.minimumQuantity ? `at least ${shares(order.minimumQuantity)}` : "",
    order.postOnly ? "post only" : "",
    order.poolOnly ? "pool only" : "",
  ].filter(Boolean).join(", ");

/** Whether the first is later news of an order than the second. @param {Order} order @param {Order | undefined} known */
export function isNewer(order, known) {
  if (!known) return true;
  const [mine, its] = [order.customerSequence, known.customerSequence];
  if (mine !== undefined && its !== undefined && mine !== its) return mine > its;
  return !(isOpen(order) && !isOpen(known)) && order.cumulativeQuantity >= known.cumulativeQuantity;
}

/** @type {Record<string, (left: Order, right: Order) => number>} */
const COMPARISONS = {
  time: (left, right) => byText(left.orderId, right.orderId), // ids begin with their time
  ticker: (left, right) => byText(left.ticker, right.ticker),
  side: (left, right) => byText(left.direction, right.direction),
  type: (left, right) => byText(left.type, right.type),
  quantity: (left, right) => left.quantity - right.quantity,
  filled: (left, right) => left.cumulativeQuantity / left.quantity - right.cumulativeQuantity / right.quantity,
  price: (left, right) => compare(left.price ?? "0", right.price ?? "0"),
  average: (left, right) => compare(left.averagePrice ?? "0", right.averagePrice ?? "0"),
  state: (left, right) => byText(left.state, right.state),
};

/** @param {string} left @param {string} right */
const byText = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

/** @param {Iterable<Order>} orders @param {Filter} filter @param {Sorting} sorting @returns {Order[]} */
export function rows(orders, filter, sorting) {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = [...orders].filter((order) => fits(order, filter, words));
  const comparison = COMPARISONS[sorting.column] ?? (() => 0);
  const sign = sorting.descending ? -1 : 1;
  return shown.sort((left, right) => sign * (comparison(left, right) || byText(left.orderId, right.orderId)));
}

/** @param {Order} order @param {Filter} filter @param {string[]} words */
function fits(order, filter, words) {
  if (filter.state !== "all" && (filter.state === "open") !== isOpen(order)) return false;
  if (filter.ticker && order.ticker !== filter.ticker) return false;
  if (!words.length) return true;
  const text = [order.ticker, order.direction, order.type, order.state, order.clientOrderId, order.orderId, order.reason]
    .join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}
