/** All that the page knows at its start, and what it remembers of its reader's choices: never a secret. */

import { empty } from "./model/order_form.js";
import { emptyOffice } from "./office.js";

/** @template T @typedef {import("./types").Known<T>} Known */

const REMEMBERED = "broker-page";
const CHOICES = /** @type {const} */ (["utc", "theme", "askFirst", "ticker", "timeframe", "byExchange"]);

/** @template T @returns {Known<T>} */
const unknown = () => ({ value: undefined, at: 0 });

export function initial() {
  return {
    phase: /** @type {"out" | "entering" | "in"} */ ("out"),
    signInFault: "",
    who: { keyId: "", role: /** @type {"broker" | "customer"} */ ("customer"), expires: "" },
    customerId: "",
    ticker: "COIN",

    session: /** @type {Known<import("./types").Session>} */ (unknown()),
    customers: /** @type {Known<import("./types").Customer[]>} */ (unknown()),
    account: /** @type {Known<import("./types").Account>} */ (unknown()),
    positions: /** @type {Known<import("./types").Position[]>} */ (unknown()),
    orders: /** @type {Known<Map<string, import("./types").Order>>} */ (unknown()),
    older: "",
    trades: /** @type {Known<import("./types").Trade[]>} */ (unknown()),
    tickers: /** @type {Known<import("./types").Ticker[]>} */ (unknown()),
    book: /** @type {Known<import("./types").Book>} */ (unknown()),
    byExchange: false,
    bars: /** @type {Known<import("./types").Bar[]>} */ (unknown()),
    timeframe: /** @type {"1m" | "5m" | "1h" | "1d"} */ ("1m"),
    tape: /** @type {Known<import("./types").Print[]>} */ (unknown()),
    statement: /** @type {import("./types").Statement | undefined} */ (undefined),
    statementDate: new Date().toISOString().slice(0, 10),
    statementFault: "",
    life: /** @type {Known<import("./types").Life>} */ (unknown()),
    lifeOf: "",
    work: /** @type {Known<import("./types").Work>} */ (unknown()),
    deadLetters: /** @type {Known<import("./types").DeadLetters>} */ (unknown()),
    reconciliation: /** @type {Known<import("./types").Reconciliation>} */ (unknown()),

    ticket: empty("COIN"),
    preview: /** @type {import("./types").Preview | undefined} */ (undefined),
    previewFault: "",
    faults: /** @type {Record<string, string>} */ ({}),
    ticketFault: "",
    sending: false,
    confirming: /** @type {Record<string, any> | undefined} */ (undefined),
    askFirst: true,
    more: false,

    tab: /** @type {Tab} */ ("orders"),
    filter: { text: "", state: /** @type {"open" | "ended" | "all"} */ ("all"), ticker: "" },
    scrolled: { rows: 0, height: 26 },
    sorting: { column: "time", descending: true },
    editing: /** @type {{orderId: string, quantity: string, price: string, fault: string} | undefined} */ (undefined),
    asked: /** @type {Set<string>} */ (new Set()),

    notices: /** @type {{id: number, kind: "good" | "bad", text: string}[]} */ ([]),
    spoken: "",
    dialog: /** @type {"" | "hotkeys" | "halt" | "cancel-all" | "office"} */ (""),
    office: emptyOffice(),
    armed: false,
    utc: false,
    theme: /** @type {"auto" | "light" | "dark"} */ ("auto"),
    stream: { phase: /** @type {"off" | "connecting" | "live" | "lost"} */ ("off"), latency: 0, behind: false, since: Date.now() },
    connection: { latency: 0, answeredAt: 0, failedAt: 0, fault: "" },
    now: Date.now(),
  };
}

/** @typedef {ReturnType<typeof initial>} State */
/** @typedef {"orders" | "positions" | "trades" | "statements" | "operations"} Tab */

/** The tabs of a reader, from the left: the last one is for brokers. @param {Pick<State, "who">} state @returns {Tab[]} */
export const tabsOf = ({ who }) => ["orders", "positions", "trades", "statements", ...(who.role === "broker" ? [/** @type {Tab} */ ("operations")] : [])];

/** The choices of last time. @returns {Partial<State>} */
export function remembered() {
  try {
    return Object.fromEntries(
      Object.entries(JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}")).filter(([name]) => CHOICES.some((each) => each === name)),
    );
  } catch {
    return {}; // what is stored there cannot be read, or nothing may be stored
  }
}

/** @param {State} state */
export function remember(state) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(Object.fromEntries(CHOICES.map((name) => [name, state[name]]))));
  } catch {
    // a browser that stores nothing forgets the choices
  }
}
