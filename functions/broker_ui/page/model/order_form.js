/** The order ticket: which fields an order type has, the order that its fields make, what is unusual about it. */

import { compare, distance, units, worth } from "./decimal.js";
import { amount, percent, shares } from "./format.js";

/** @typedef {import("../types").Ticket} Ticket */
/** @typedef {import("../types").Order} Order */
/** @typedef {import("../types").Ticker} Ticker */
/** @typedef {Record<string, string>} Faults what is wrong, by field */

export const TYPES = /** @type {const} */ (["Limit", "Market", "Stop", "StopLimit"]);
export const TYPE_NAMES = { Limit: "Limit", Market: "Market", Stop: "Stop", StopLimit: "Stop limit" };
export const TIMES = { Day: "Day", GTC: "Good till canceled", IOC: "Immediate or cancel", FOK: "Fill or kill", OPG: "At the opening", CLS: "At the close" };
export const PEGS = { none: "None", pegToMidpoint: "Midpoint", pegToPrimary: "Best price of its side" };
export const SELF_TRADES = {
  CancelNewest: "Cancel newest", CancelOldest: "Cancel oldest", CancelBoth: "Cancel both",
  DecrementAndCancel: "Decrement and cancel", Off: "Off",
};
/** A limit further from the quote than this is unusual. */
const FAR = 0.05;
/** An order so many times as large as the customer's median is unusual; of fewer orders there is no usual. */
const LARGE = 10;
const FEWEST = 3;

/** @param {string} ticker @returns {Ticket} */
export const empty = (ticker) => ({
  direction: "Buy", ticker, type: "Limit", quantity: "", price: "", stopPrice: "", timeInForce: "Day",
  minimumQuantity: "", postOnly: false, poolOnly: false, peg: "none", pegOffset: "", selfTradePrevention: "CancelNewest",
});

/** @param {Ticket} ticket */
export const hasPrice = (ticket) => ticket.type === "Limit" || ticket.type === "StopLimit";
/** @param {Ticket} ticket */
export const hasStop = (ticket) => ticket.type === "Stop" || ticket.type === "StopLimit";

/** A whole number as people type it, with groups. @param {string} text */
const whole = (text) => (/^[0-9][0-9,' ]*$/.test(text.trim()) ? Number(text.replace(/[,' ]/g, "")) : NaN);
/** @param {string} text */
const price = (text) => text.trim().replace(/[,' ]/g, "");

/**
 * The order that the ticket makes, for this customer, or what is missing or cannot be read in it.
 * @param {Ticket} ticket @param {string} customerId @returns {{order?: Record<string, unknown>, faults: Faults}}
 */
export function orderOf(ticket, customerId) {
  /** @type {Faults} */
  const faults = {};
  const quantity = whole(ticket.quantity);
  if (!(quantity >= 1)) faults.quantity = "Enter a whole number of shares.";
  /** @type {Record<string, unknown>} */
  const order = {
    customerId, direction: ticket.direction, ticker: ticket.ticker, type: ticket.type, quantity,
    timeInForce: ticket.timeInForce,
  };
  for (const [field, has] of /** @type {const} */ ([["price", hasPrice(ticket)], ["stopPrice", hasStop(ticket)]])) {
    if (!has) continue;
    const text = price(ticket[field]);
    if (/^\d{1,6}(\.\d{1,2})?$/.test(text) && units(text) > 0n) order[field] = text;
    else faults[field] = "Enter a price with at most two decimals.";
  }
  if (ticket.minimumQuantity.trim()) {
    const minimum = whole(ticket.minimumQuantity);
    if (minimum >= 1) order.minimumQuantity = minimum;
    else faults.minimumQuantity = "Enter a whole number of shares, or nothing.";
  }
  if (ticket.postOnly) order.postOnly = true;
  if (ticket.poolOnly) order.poolOnly = true;
  if (ticket.peg !== "none") order[ticket.peg] = true;
  if (ticket.peg !== "none" && ticket.pegOffset.trim()) {
    const offset = price(ticket.pegOffset);
    if (/^\d{1,6}(\.\d{1,2})?$/.test(offset)) order.pegOffset = offset;
    else faults.pegOffset = "Enter an offset with at most two decimals, or nothing.";
  }
  if (ticket.selfTradePrevention !== "CancelNewest") order.selfTradePrevention = ticket.selfTradePrevention;
  return Object.keys(faults).length ? { faults } : { order, faults };
}

/**
 * What is far from usual. It warns, and forbids nothing.
 * @param {Record<string, any>} order @param {Ticker | undefined} quote @param {Order[]} before the customer's other orders
 * @returns {string[]}
 */
export function unusual(order, quote, before) {
  const said = [];
  const reference = order.direction === "Buy" ? quote?.ask : quote?.bid;
  if (order.price && reference) {
    const far = distance(order.price, reference);
    if (Math.abs(far) > FAR) {
      said.push(`The limit is ${percent(far)} from the ${order.direction === "Buy" ? "ask" : "bid"} of ${amount(reference)}.`);
    }
  }
  const stopped = order.stopPrice && reference;
  if (stopped && (order.direction === "Buy") === compare(order.stopPrice, reference) < 0) {
    said.push("The market is beyond the stop already, so the order is elected at once.");
  }
  const sizes = before.map((each) => each.quantity).sort((left, right) => left - right);
  const median = sizes[Math.floor(sizes.length / 2)];
  if (sizes.length >= FEWEST && median !== undefined && order.quantity > LARGE * median) {
    said.push(`${shares(order.quantity)} shares are far more than usual: half of the orders have ${shares(median)} or fewer.`);
  }
  return said;
}

/**
 * The faults of a refused order by the ticket's fields, and what belongs to none of them.
 * @param {{message: string, errors: import("../types").Fault[], code: string}} problem @returns {{faults: Faults, rest: string}}
 */
export function faultsOf(problem) {
  /** @type {Faults} */
  const faults = {};
  const rest = [];
  for (const each of problem.errors) {
    const named = each.pointer.split("/").pop() ?? "";
    const field = named in PEGS ? "peg" : named;
    if (FIELDS.has(field)) faults[field] = each.detail;
    else rest.push(each.detail);
  }
  const field = OF_RULES[problem.code];
  if (field) faults[field] = problem.message;
  return { faults, rest: rest.length || field ? rest.join(" ") : problem.errors.length ? "" : problem.message };
}

const FIELDS = new Set([
  "direction", "ticker", "type", "quantity", "price", "stopPrice", "timeInForce", "minimumQuantity", "postOnly", "poolOnly", "peg", "pegOffset",
  "selfTradePrevention",
]);
/** Which field a rule is about. @type {Record<string, string>} */
const OF_RULES = {
  "quantity-too-large": "quantity", "unknown-ticker": "ticker", "price-outside-collar": "price",
  "insufficient-funds": "quantity", "insufficient-shares": "quantity", "order-value-too-large": "quantity",
  "no-auction": "timeInForce", "auction-over": "timeInForce", "market-closed": "timeInForce",
};

/** An order in a sentence: Buy 8,614 COIN at 161.90. @param {Record<string, any>} order */
export function sentence(order) {
  const stop = order.stopPrice ? `, stop ${amount(order.stopPrice)}` : "";
  const limit = order.price ? ` at ${amount(order.price)}` : order.type === "Market" ? " at the market" : "";
  return `${order.direction} ${shares(order.quantity)} ${order.ticker}${limit}${stop}`;
}

/** @param {Record<string, any>} order what it is worth at its limit, as text of millionths */
export const limitWorth = (order) => (order.price ? worth(order.price, order.quantity) : undefined);
