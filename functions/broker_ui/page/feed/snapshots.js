/** What the page asks the API for, how often, and where each answer goes. */

import { NoAnswer, Problem } from "../api.js";
import { firstBar } from "../model/bars.js";
import { newerBook } from "../model/book.js";
import { hasEnded } from "../model/endings.js";
import { isNewer } from "../model/orders.js";
import { Executions } from "./executions.js";

/** @typedef {import("../store.js").Store<import("../state.js").State>} Store */
/** @typedef {import("../types").Order} Order */

/** Milliseconds between two questions. What the stream brings is asked for less often while it flows. */
export const PACES = {
  session: 60_000, customers: 15_000, tickers: 2_000, book: 1_000, account: 2_000, positions: 2_000, orders: 1_000,
  trades: 3_000, life: 1_000, bars: 3_000, tape: 1_500, work: 15_000, deadLetters: 15_000, reconciliation: 60_000,
};
/** Of what the reader looks at when the page is quiet. */
const ORDERS_SHOWN = "200";
const TRADES_PER_PAGE = "200";
const PRINTS_SHOWN = "60";
/** What belongs to the chosen ticker, and what to nobody. */
const OF_TICKER = new Set(["book", "tape", "bars"]);
const OF_OPERATIONS = /** @type {const} */ (["work", "deadLetters", "reconciliation"]);
const OF_ALL = new Set(["session", "tickers", "customers", ...OF_OPERATIONS]);

export class Snapshots {
  /** @param {Store} store @param {import("../api.js").Api} api @param {import("./polling.js").Polling} polling */
  constructor(store, api, polling) {
    this.store = store;
    this.api = api;
    this.polling = polling;
    /** Is told which orders have ended. @type {(ended: Order[]) => void} */
    this.ended = () => undefined;
  }

  /** What everybody sees. */
  market() {
    this.#ask("session", () => this.api.get("/session"));
    this.#ask("tickers", async () => (await this.api.get("/tickers")).tickers);
    if (this.store.state.who.role === "broker") {
      this.#ask("customers", async () => (await this.api.get("/customers")).customers);
    }
  }

  /** What belongs to the chosen customer. */
  customer() {
    const { state } = this.store;
    const path = `/customers/${state.customerId}`;
    this.#clear("account", "positions", "orders", "trades");
    this.#ask("account", () => this.api.get(path));
    this.#ask("positions", async () => (await this.api.get(`${path}/positions`)).positions);
    this.trades();
    this.polling.start("orders", PACES.orders, async () => {
      const page = await this.api.get(`${path}/orders`, { limit: ORDERS_SHOWN });
      if (this.store.state.customerId !== state.customerId) return;
      if (!this.store.state.older) this.store.state.older = page.nextToken ?? "";
      this.takeOrders(page.orders);
    });
  }

  /** What belongs to the chosen ticker. */
  ticker() {
    const { ticker } = this.store.state;
    this.#clear("book", "tape");
    this.#ask("book", async () => newerBook(await this.api.get(`/books/${ticker}`), this.store.state.book.value));
    this.#ask("tape", async () => (await this.api.get(`/tickers/${ticker}/trades`, { limit: PRINTS_SHOWN })).trades);
    this.bars();
  }

  /** The chart's bars, and the customer's executions as far back as they go. */
  bars() {
    const { ticker, timeframe } = this.store.state;
    this.#clear("bars");
    this.#ask("bars", async () => (await this.api.get(`/tickers/${ticker}/bars`, { timeframe, from: firstBar(timeframe, Date.now()) })).bars);
    void this.polling.now("trades");
  }

  /** The newest trades, as far back as the chart goes: a list, and marks on the chart. */
  trades() {
    const path = `/trades/${this.store.state.customerId}`;
    const executions = new Executions((nextToken) => this.api.get(path, { sort: "desc", limit: TRADES_PER_PAGE, nextToken }));
    this.#ask("trades", () => executions.since(firstBar(this.store.state.timeframe, Date.now())));
  }

  /** The life of an order, while it is looked at; none if the id is empty. @param {string} orderId */
  life(orderId) {
    this.#clear("life");
    if (!orderId) return this.polling.stop("life");
    const path = `/customers/${this.store.state.customerId}/orders/${orderId}`;
    this.#ask("life", () => this.#wholeLife(path));
  }

  /** The system at work, while a broker looks at it. @param {boolean} shown */
  operations(shown) {
    if (!shown) return OF_OPERATIONS.forEach((name) => this.polling.stop(name));
    this.#ask("work", () => this.api.get("/operations/stages"));
    this.#ask("deadLetters", () => this.api.get("/operations/dead-letters"));
    return this.#ask("reconciliation", () => this.api.get("/operations/reconciliation"));
  }

  /** Older orders than those that are shown. */
  async olderOrders() {
    const { state } = this.store;
    const page = await this.api.get(`/customers/${state.customerId}/orders`, { limit: ORDERS_SHOWN, nextToken: state.older });
    state.older = page.nextToken ?? "";
    this.takeOrders(page.orders);
  }

  /** Orders as the API shows them; what is known to be newer stays. @param {Order[]} orders */
  takeOrders(orders) {
    const { state } = this.store;
    const known = state.orders.value ?? new Map();
    /** @type {Order[]} */
    const ended = [];
    for (const order of orders) {
      const before = known.get(order.orderId);
      if (before === order || !isNewer(order, before)) continue;
      known.set(order.orderId, order);
      if (hasEnded(order, before)) ended.push(order);
    }
    state.orders = { value: known, at: Date.now() };
    if (ended.length) this.ended(ended);
    this.store.touch();
  }

  /** @param {string} path */
  async #wholeLife(path) {
    const first = await this.api.get(path);
    const pages = [first];
    for (let page = first; page.nextToken; pages.push(page)) page = await this.api.get(path, { nextToken: page.nextToken });
    if (pages.length === 1) return first;
    return {
      ...pages[pages.length - 1],
      transitions: pages.flatMap((page) => page.transitions),
      executions: pages.flatMap((page) => page.executions),
    };
  }

  /** @param {keyof typeof PACES} name @param {() => Promise<any>} question */
  #ask(name, question) {
    const { customerId, ticker } = this.store.state;
    this.polling.start(name, PACES[name], async () => {
      const value = await question();
      const { state } = this.store;
      if (OF_TICKER.has(name) ? state.ticker !== ticker : !OF_ALL.has(name) && state.customerId !== customerId) return;
      const same = state[name].value === value && !state[name].fault;
      Object.assign(state, { [name]: { value, at: Date.now() } });
      if (!same) this.store.touch();
    });
  }

  /** @param {("account" | "positions" | "orders" | "trades" | "book" | "tape" | "bars" | "life")[]} names */
  #clear(...names) {
    for (const name of names) Object.assign(this.store.state, { [name]: { value: undefined, at: 0 } });
    if (names.includes("orders")) this.store.state.older = "";
    this.store.touch();
  }
}

/** A failure of a question, in words. @param {unknown} error */
export function faultOf(error) {
  if (error instanceof Problem || error instanceof NoAnswer) return error.message;
  throw error;
}
