/**
 * The public stream: authenticates in its first frame, listens to a customer and a ticker, pings, asks for what was missed,
 * and connects again, also before API Gateway ends the connection.
 */

import { Sequence } from "../model/sequence.js";

/** @typedef {import("../types").Update} Update */
/** @typedef {{keyId: string, secret: string}} Credential */

const PING_MILLISECONDS = 30_000;
const SILENCE_MILLISECONDS = 10_000;
const HOLE_MILLISECONDS = 2_000;
const LIFE_MILLISECONDS = 110 * 60_000;
const PAUSES = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/**
 * @typedef {object} Listener what a stream tells
 * @property {(phase: "connecting" | "live" | "lost") => void} phase
 * @property {(update: Update) => void} update each update once, and once more of what is told without a number
 * @property {(behind: boolean) => void} behind whether a number is missing
 * @property {() => void} snapshot what is shown has to be asked for again
 * @property {(milliseconds: number) => void} latency of a ping
 * @property {(number: number) => void} account of the account's last change that is not a booking
 */

export class Stream {
  /** @type {WebSocket | undefined} */
  #socket;
  #attempt = 0;
  #ended = false;
  #pinged = 0;
  /** @type {number[]} */
  #timers = [];
  #hole = 0;
  #unanswered = 0;
  /** @type {Sequence | undefined} */
  #sequence;
  #time = "";

  /** @param {string} address @param {Credential} credential @param {Listener} listener */
  constructor(address, credential, listener) {
    this.address = address;
    this.credential = credential;
    this.listener = listener;
    this.customerId = "";
    this.ticker = "";
  }

  /** From here on listens to these, wherever it listened before. @param {string} customerId @param {string} ticker */
  listen(customerId, ticker) {
    const [customerBefore, tickerBefore] = [this.customerId, this.ticker];
    Object.assign(this, { customerId, ticker });
    if (customerBefore !== customerId) {
      this.#sequence = undefined;
      this.#time = "";
      this.#behind();
    }
    if (!this.#socket) return this.#connect();
    if (this.#socket.readyState !== WebSocket.OPEN) return undefined;
    if (customerBefore && customerBefore !== customerId) this.#send({ action: "unsubscribe", customerId: customerBefore });
    if (tickerBefore && tickerBefore !== ticker) this.#send({ action: "unsubscribe", ticker: tickerBefore });
    if (customerBefore !== customerId) this.#subscribe();
    if (tickerBefore !== ticker) this.#send({ action: "subscribe", ticker });
    return undefined;
  }

  end() {
    this.#ended = true;
    this.#quiet();
    this.#socket?.close();
  }

  #connect() {
    this.listener.phase("connecting");
    const socket = new WebSocket(this.address);
    this.#socket = socket;
    socket.onopen = () => this.#send({ action: "authenticate", keyId: this.credential.keyId, secretKey: this.credential.secret });
    socket.onmessage = (event) => socket === this.#socket && this.#frame(JSON.parse(event.data));
    socket.onclose = () => socket === this.#socket && this.#lost();
  }

  #lost() {
    this.#quiet();
    this.#socket = undefined;
    if (this.#ended) return;
    this.listener.phase("lost");
    const pause = PAUSES[Math.min(this.#attempt++, PAUSES.length - 1)] ?? 0;
    this.#timers.push(setTimeout(() => this.#connect(), pause * (0.75 + Math.random() / 2)));
  }

  #quiet() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#hole = 0;
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** @param {any} frame */
  #frame(frame) {
    switch (frame.type) {
      case "authenticated": return this.#entered();
      case "subscribed": return frame.customerId === this.customerId ? this.#subscribed(frame) : undefined;
      case "updates": return frame.updates.forEach((/** @type {Update} */ each) => this.#update(each));
      case "resumed": return frame.customerId === this.customerId ? this.#caughtUp(frame.customerSequence) : undefined;
      case "snapshotRequired": return frame.customerId === this.customerId ? this.#snapshot(frame.customerSequence) : undefined;
      case "pong": return this.#pong(frame.customers ?? {}, frame.accounts ?? {});
      case "error": return frame.code === "unauthorized" ? this.#socket?.close() : undefined;
      default: return undefined; // what a later version tells
    }
  }

  #entered() {
    this.#attempt = 0;
    this.#subscribe();
    this.#send({ action: "subscribe", ticker: this.ticker });
    this.#timers.push(setTimeout(() => this.#socket?.close(), LIFE_MILLISECONDS));
    this.#ping();
  }

  /** Listens to the customer. What is not answered is asked again by another connection. */
  #subscribe() {
    clearTimeout(this.#unanswered);
    this.#unanswered = setTimeout(() => this.#socket?.close(), SILENCE_MILLISECONDS);
    this.#timers.push(this.#unanswered);
    this.#send({ action: "subscribe", customerId: this.customerId });
  }

  /** @param {{customerSequence: number, accountSequence: number}} frame the customer's numbers at that moment */
  #subscribed({ customerSequence: number, accountSequence }) {
    clearTimeout(this.#unanswered);
    this.listener.phase("live");
    this.listener.account(accountSequence);
    if (!this.#sequence || !this.#time) return this.#snapshot(number);
    this.#sequence.hear(number);
    this.#behind();
    if (this.#sequence.missing) this.#resume();
    return undefined;
  }

  /** @param {number} number */
  #snapshot(number) {
    this.#sequence ??= new Sequence(number);
    this.#sequence.reach(number);
    this.#behind();
    this.listener.snapshot();
  }

  /** @param {number} number */
  #caughtUp(number) {
    this.#sequence?.reach(number);
    this.#behind();
  }

  /** @param {Update} update */
  #update(update) {
    if (update.type === "ordersUpdated") {
      if (update.customerId !== this.customerId || !this.#sequence) return;
      this.#sequence.hear(update.customerSequence);
      if (!this.#sequence.take(update.customerSequence)) return;
      this.#time = update.time > this.#time ? update.time : this.#time;
      this.#behind();
    }
    this.listener.update(update);
  }

  #behind() {
    const missing = Boolean(this.#sequence?.missing);
    if (!missing) {
      clearTimeout(this.#hole);
      this.#hole = 0;
      this.listener.behind(false);
    } else if (!this.#hole) {
      this.#hole = setTimeout(() => this.#resume(), HOLE_MILLISECONDS);
      this.#timers.push(this.#hole);
    }
  }

  #resume() {
    this.#hole = 0;
    if (!this.#sequence?.missing) return;
    this.listener.behind(true);
    if (this.#time) this.#send({ action: "resume", customerId: this.customerId, after: this.#sequence.reached, since: this.#time });
    else this.#snapshot(this.#sequence.said);
    this.#behind();
  }

  #ping() {
    this.#pinged = performance.now();
    this.#send({ action: "ping" });
    const silence = setTimeout(() => this.#pinged && this.#socket?.close(), SILENCE_MILLISECONDS);
    const next = setTimeout(() => this.#ping(), PING_MILLISECONDS);
    this.#timers.push(silence, next);
  }

  /** @param {Record<string, number>} customers @param {Record<string, number>} accounts */
  #pong(customers, accounts) {
    if (this.#pinged) this.listener.latency(performance.now() - this.#pinged);
    this.#pinged = 0;
    const number = customers[this.customerId];
    if (number !== undefined) this.#sequence?.hear(number);
    this.#behind();
    this.listener.account(accounts[this.customerId] ?? 0);
  }
}
