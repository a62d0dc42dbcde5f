/** What the stream tells, put into what the page knows; and how often the API is still asked beside it. */

import { PACES } from "./snapshots.js";
import { Stream } from "./stream.js";

/** @typedef {import("../types").CustomerUpdate} CustomerUpdate */
/** @typedef {import("../types").AccountUpdate} AccountUpdate */
/** @typedef {import("../types").MarketUpdate} MarketUpdate */
/** @typedef {import("../types").Level} Level */

/** While the stream flows: what it does not tell, and a check of what it does. */
const OF_CUSTOMER = { orders: 15_000, account: 15_000, positions: 15_000, trades: 15_000 };
const OF_MARKET = { book: 15_000, tape: 15_000, bars: 5_000, tickers: 5_000 };
const SOON_MILLISECONDS = 250;
const PRINTS_KEPT = 60;

export class Live {
  /** @type {Stream | undefined} */
  #stream;
  #soon = 0;
  /** @type {Set<string>} */
  #wanted = new Set();
  /** Whether the stream has told of the market: until then it is asked for as often as without a stream. */
  #market = false;

  /** @param {import("./snapshots.js").Snapshots} snapshots @param {() => import("../types").Credential} credential */
  constructor(snapshots, credential) {
    this.snapshots = snapshots;
    this.store = snapshots.store;
    this.credential = credential;
  }

  /** Listens to what is chosen, once it is known where the stream is. */
  follow() {
    const { session, customerId, ticker } = this.store.state;
    const address = session.value?.streamUrl;
    if (!address || !customerId) return;
    this.#stream ??= new Stream(address, this.credential(), {
      phase: (phase) => this.#phase(phase),
      update: (update) => this.#update(update),
      behind: (behind) => this.#set({ behind }),
      snapshot: () => void this.snapshots.polling.now("orders", "account", "positions", "trades"),
      latency: (latency) => this.#set({ latency }),
      account: (number) => this.#hearAccount(number),
    });
    this.#stream.listen(customerId, ticker);
  }

  end() {
    this.#stream?.end();
    this.#stream = undefined;
    clearTimeout(this.#soon);
    this.#set({ phase: "off", behind: false });
  }

  /** @param {Partial<import("../state.js").State["stream"]>} changes */
  #set(changes) {
    this.store.set({ stream: { ...this.store.state.stream, ...changes } });
  }

  /** @param {"connecting" | "live" | "lost"} phase */
  #phase(phase) {
    const { stream } = this.store.state;
    if (phase === "connecting" && stream.phase === "lost") return;
    this.#set({ phase, since: Date.now() });
    this.#market = false;
    this.#pace(phase === "live" ? { ...PACES, ...OF_CUSTOMER } : PACES);
    if (phase === "live") void this.snapshots.polling.now("book", "tape");
  }

  /** @param {Record<string, number>} paces */
  #pace(paces) {
    for (const [name, every] of Object.entries(paces)) this.snapshots.polling.pace(name, every);
  }

  /** @param {CustomerUpdate | AccountUpdate | MarketUpdate} update */
  #update(update) {
    if (update.type === "marketUpdated" && !this.#market) {
      this.#market = true;
      this.#pace(OF_MARKET);
    }
    if (update.type === "ordersUpdated") this.#ofCustomer(update);
    else if (update.type === "accountUpdated") this.#ofAccount(update);
    else if (update.type === "marketUpdated" && update.ticker === this.store.state.ticker) this.#ofTicker(update);
  }

  /** @param {CustomerUpdate} update */
  #ofCustomer(update) {
    const { state } = this.store;
    this.snapshots.takeOrders(update.orders.map(withoutHappened));
    this.#takeAccount(update.account);
    this.#askSoon("account", "positions", "trades", ...(update.orders.some((each) => each.orderId === state.lifeOf) ? ["life"] : []));
    this.store.touch();
  }

  /** Cash, shares or limits changed by what is not a booking. @param {AccountUpdate} update */
  #ofAccount(update) {
    if (update.customerId !== this.store.state.customerId) return;
    this.#takeAccount(update.account);
    this.#askSoon("account", "positions");
    this.store.touch();
  }

  /** Takes an account that is not older than the one that is known. @param {Partial<import("../types").Account> | undefined} told */
  #takeAccount(told) {
    const { state } = this.store;
    const known = state.account.value;
    if (!known || !told || version(told) < version(known)) return;
    const rest = { ...known };
    delete rest.limits; // those that it has are told
    state.account = { value: { ...rest, ...told }, at: Date.now() };
  }

  /** The account has at least this number: if a change was lost, it is asked for. @param {number} number */
  #hearAccount(number) {
    const known = this.store.state.account.value;
    if (known && number > (known.accountSequence ?? 0)) this.#askSoon("account", "positions");
  }

  /** @param {MarketUpdate} update */
  #ofTicker(update) {
    const { state } = this.store;
    const at = Date.now();
    const kind = update.poolType === "Dark" ? "DarkPool" : "LitPool";
    if (update.trades && state.tape.value) {
      const known = new Set(state.tape.value.map((each) => each.printId));
      const prints = update.trades
        .map(({ number, ...each }) => ({ ...each, printId: `${update.updateId}.${number}`, time: update.time, exchangeType: kind }))
        .filter((each) => !known.has(each.printId));
      state.tape = { value: [...prints.reverse(), ...state.tape.value].slice(0, PRINTS_KEPT), at };
      this.#askSoon("bars");
    }
    if (update.depth && update.sequence > (state.book.value?.sequence ?? -1)) {
      const { ticker, sequence, time, session = "Open", auction } = update;
      const [bids, asks] = [update.depth.bids.map(level), update.depth.asks.map(level)];
      state.book = { value: { ticker, sequence, time, session, ...(auction ? { auction } : {}), bids, asks }, at };
    }
    this.store.touch();
  }

  /** Asks for these in a moment, once however many updates come. @param {string[]} names */
  #askSoon(...names) {
    for (const name of names) this.#wanted.add(name);
    this.#soon ||= setTimeout(() => {
      this.#soon = 0;
      const wanted = [...this.#wanted];
      this.#wanted.clear();
      void this.snapshots.polling.now(...wanted);
    }, SOON_MILLISECONDS);
  }
}

/** Both numbers only rise. @param {Partial<import("../types").Account>} account */
function version(account) {
  return (account.customerSequence ?? 0) + (account.accountSequence ?? 0);
}

/** An order as the API shows it. @param {CustomerUpdate["orders"][number]} told */
function withoutHappened(told) {
  const order = { ...told };
  delete order.happened;
  return order;
}

/** A price of the book as the API shows it. @param {[string, Record<string, [number, number]>]} told @returns {Level} */
function level([price, exchanges]) {
  const byExchange = Object.fromEntries(Object.entries(exchanges).map(([name, [quantity, orders]]) => [name, { quantity, orders }]));
  const all = Object.values(byExchange);
  return { price, byExchange, quantity: all.reduce((sum, each) => sum + each.quantity, 0), orders: all.reduce((sum, each) => sum + each.orders, 0) };
}
