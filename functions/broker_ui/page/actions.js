/** What the reader does: each action asks the API and says what came of it, in words. */

import { NoAnswer, Problem } from "./api.js";
import { faultOf } from "./feed/snapshots.js";
import { focusSoon } from "./focus.js";
import { save, statementCsv, tradesCsv } from "./csv.js";
import { endings } from "./model/endings.js";
import { empty, faultsOf, orderOf, sentence } from "./model/order_form.js";
import { mayCancel } from "./model/orders.js";
import { changesOf } from "./model/replacement.js";
import { remember } from "./state.js";

/** @typedef {import("./types").Order} Order */
/** @typedef {import("./types").Ticket} Ticket */

const PREVIEW_MILLISECONDS = 200;
const NOTICE_MILLISECONDS = 8_000;
const NOTICES = 4;
const SAID_MILLISECONDS = 1_000;

export class Actions {
  #previewing = 0;
  #notice = 0;
  /** @type {Order[]} */
  #ended = [];

  /**
   * @param {import("./store.js").Store<import("./state.js").State>} store
   * @param {import("./api.js").Api} api
   * @param {import("./feed/snapshots.js").Snapshots} snapshots
   * @param {import("./feed/polling.js").Polling} polling
   */
  constructor(store, api, snapshots, polling) {
    this.store = store;
    this.api = api;
    this.snapshots = snapshots;
    this.polling = polling;
    snapshots.ended = (ended) => this.#say(ended);
  }

  get state() {
    return this.store.state;
  }

  /** @param {Partial<import("./state.js").State>} changes */
  set(changes) {
    this.store.set(changes);
  }

  /** A choice that is remembered. @param {Partial<import("./state.js").State>} changes */
  choose(changes) {
    this.store.set(changes);
    remember(this.state);
  }

  /** @param {string} ticker */
  chooseTicker(ticker) {
    this.choose({ ticker });
    this.edit({ ticker });
    this.snapshots.ticker();
  }

  /** @param {string} customerId */
  chooseCustomer(customerId) {
    this.set({ customerId, lifeOf: "", editing: undefined, ticket: empty(this.state.ticker) });
    this.snapshots.life("");
    this.snapshots.customer();
    if (this.state.tab === "statements") void this.chooseStatement(this.state.statementDate);
    this.#previewSoon();
  }

  /** @param {import("./state.js").State["tab"]} tab */
  chooseTab(tab) {
    this.set({ tab });
    if (tab === "statements") void this.chooseStatement(this.state.statementDate);
    this.snapshots.operations(tab === "operations");
  }

  /** @param {import("./state.js").State["timeframe"]} timeframe */
  chooseTimeframe(timeframe) {
    this.choose({ timeframe });
    this.snapshots.bars();
  }

  /** @param {string} date */
  async chooseStatement(date) {
    this.set({ statementDate: date, statement: undefined, statementFault: "" });
    try {
      const statement = await this.api.get(`/customers/${this.state.customerId}/statements/${date}`, { limit: "1" });
      if (this.state.statementDate === date) this.set({ statement });
    } catch (error) {
      this.set({ statementFault: faultOf(error) });
    }
  }

  async statementCsv() {
    const { customerId, statementDate } = this.state;
    await this.#trying(async () => save(`statement-${customerId}-${statementDate}.csv`, await statementCsv(this.api, customerId, statementDate)));
  }

  async tradesCsv() {
    const { customerId, statementDate } = this.state;
    await this.#trying(async () => save(`trades-${customerId}-${statementDate}.csv`, await tradesCsv(this.api, customerId, statementDate)));
  }

  /** @param {string} orderId none if it is empty */
  showLife(orderId) {
    if (!orderId) focusSoon(`#order-${this.state.lifeOf} .state`);
    this.set({ lifeOf: orderId });
    this.snapshots.life(orderId);
  }

  /** Changes fields of the ticket. @param {Partial<Ticket>} fields */
  edit(fields) {
    const faults = { ...this.state.faults };
    for (const name of Object.keys(fields)) delete faults[name];
    this.set({ ticket: { ...this.state.ticket, ...fields }, faults, ticketFault: "" });
    this.#previewSoon();
  }

  /** The order that the ticket makes; what is missing shows at its field. */
  wanted() {
    const { order, faults } = orderOf(this.state.ticket, this.state.customerId);
    this.set({ faults, ticketFault: "" });
    return order;
  }

  /** Asks first, or sends the order at once if the reader wants that. */
  async submit() {
    const order = this.wanted();
    if (!order || this.state.sending) return;
    if (this.state.askFirst) this.set({ confirming: order });
    else await this.send(order);
  }

  /** Sends an order. It may be repeated: it has a client order id. @param {Record<string, any>} order */
  async send(order) {
    this.set({ confirming: undefined, sending: true });
    const named = { ...order, clientOrderId: crypto.randomUUID() };
    try {
      await this.api.send("POST", "/orders", named, true);
      this.tell("good", `${sentence(order)}: accepted.`);
      this.set({ ticket: { ...this.state.ticket, quantity: "" }, preview: undefined, faults: {}, ticketFault: "" });
    } catch (error) {
      this.#refused(order, error);
    }
    this.set({ sending: false });
    await this.polling.now("orders", "account", "positions");
  }

  /** @param {Record<string, any>} order @param {unknown} error */
  #refused(order, error) {
    if (error instanceof Problem) {
      const { faults, rest } = faultsOf(error);
      this.set({ faults, ticketFault: rest });
      this.tell("bad", `${sentence(order)}: refused. ${error.message}`);
    } else if (error instanceof NoAnswer) {
      const said = "No answer came. The order may have been accepted: look at the list of orders before you send it again.";
      this.set({ ticketFault: said });
      this.tell("bad", said);
    } else throw error;
  }

  /** @param {Order} order */
  async cancel(order) {
    if (!mayCancel(order)) return;
    this.#ask(order.orderId, true);
    await this.#change(`${sentence(order)}: cancel asked for.`, "DELETE", this.#path(order), undefined);
    this.#ask(order.orderId, false);
  }

  /** Lets the reader edit a replacement where the order stands. @param {Order} order */
  editReplacement({ orderId, quantity, price = "" }) {
    this.set({ editing: { orderId, quantity: String(quantity), price, fault: "" } });
    focusSoon(".orders .inline");
  }

  endReplacement() {
    const row = `#order-${this.state.editing?.orderId}`;
    this.set({ editing: undefined });
    focusSoon(`${row} .replace:enabled`, `${row} .state`);
  }

  /** Sends the replacement that is being edited. */
  async replace() {
    const { editing, orders } = this.state;
    const order = editing && orders.value?.get(editing.orderId);
    if (!editing || !order) return;
    const changed = changesOf(order, editing);
    if (typeof changed === "string") return this.set({ editing: { ...editing, fault: changed } });
    const body = { ...changed, clientOrderId: crypto.randomUUID() };
    try {
      await this.api.send("PATCH", this.#path(order), body, true);
      this.endReplacement();
      this.tell("good", `${sentence(order)}: replacement asked for.`);
    } catch (error) {
      this.set({ editing: { ...editing, fault: faultOf(error) } });
    }
    await this.polling.now("orders", "account", "positions");
  }

  async cancelAll() {
    this.set({ dialog: "" });
    const path = `/customers/${this.state.customerId}/orders`;
    await this.#change("All open orders: cancel asked for.", "DELETE", path, undefined);
  }

  /** @param {boolean} halted */
  async halt(halted) {
    this.set({ dialog: "" });
    const said = halted ? "The customer is suspended. Open orders end." : "The customer may trade again.";
    await this.#change(said, halted ? "PUT" : "DELETE", `/customers/${this.state.customerId}/halt`, undefined);
  }

  async olderOrders() {
    await this.#trying(() => this.snapshots.olderOrders());
  }

  /** Says something once, to the eye and to the ear. @param {"good" | "bad"} kind @param {string} text */
  tell(kind, text) {
    const id = ++this.#notice;
    this.set({ notices: [...this.state.notices.slice(1 - NOTICES), { id, kind, text }], spoken: text });
    setTimeout(() => this.dismiss(id), NOTICE_MILLISECONDS);
  }

  /** Says how orders ended to the ear alone, all of a moment at once: the eye has the list. @param {Order[]} ended */
  #say(ended) {
    this.#ended.push(...ended);
    if (this.#ended.length > ended.length) return; // they are about to be said
    setTimeout(() => this.set({ spoken: endings(this.#ended.splice(0)) }), SAID_MILLISECONDS);
  }

  /** @param {number} id */
  dismiss(id) {
    this.set({ notices: this.state.notices.filter((each) => each.id !== id) });
  }

  /** @param {string} said @param {"POST" | "PUT" | "DELETE"} method @param {string} path @param {object | undefined} body */
  async #change(said, method, path, body) {
    await this.#trying(async () => {
      await this.api.send(method, path, body);
      this.tell("good", said);
    });
    await this.polling.now("orders", "account", "positions", "life");
  }

  /** @param {() => Promise<void>} act */
  async #trying(act) {
    try {
      await act();
    } catch (error) {
      this.tell("bad", faultOf(error));
    }
  }

  /** @param {Order} order */
  #path(order) {
    return `/customers/${order.customerId}/orders/${order.orderId}`;
  }

  /** @param {string} orderId @param {boolean} asked */
  #ask(orderId, asked) {
    const all = new Set(this.state.asked);
    if (asked) all.add(orderId);
    else all.delete(orderId);
    this.set({ asked: all });
  }

  #previewSoon() {
    clearTimeout(this.#previewing);
    this.#previewing = setTimeout(() => void this.preview(), PREVIEW_MILLISECONDS);
  }

  /** Asks what would come of the order that the ticket makes, if it makes one. */
  async preview() {
    const { order } = orderOf(this.state.ticket, this.state.customerId);
    if (!order) return this.set({ preview: undefined, previewFault: "" });
    const { ticket } = this.state;
    try {
      const preview = await this.api.send("POST", "/order-previews", order, true);
      if (this.state.ticket === ticket) this.set({ preview, previewFault: "", faults: preview.problem ? faultsOf(foreseen(preview.problem)).faults : {} });
    } catch (error) {
      if (this.state.ticket !== ticket) return;
      const refused = error instanceof Problem ? faultsOf(error) : { faults: {}, rest: faultOf(error) };
      this.set({ preview: undefined, previewFault: refused.rest, faults: refused.faults });
    }
  }
}

/** A refusal that a preview foresees. @param {import("./types").ProblemDetails} problem */
const foreseen = ({ detail, errors = [], code }) => ({ message: detail, errors, code });
