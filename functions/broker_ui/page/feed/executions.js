/** The customer's trades, the newest first: as far back as somebody wants them, and each asked for once. */

/** @typedef {import("../types").Trade} Trade */

/** More than these nobody sees, on the chart or in the list. */
export const MOST = 3_000;

export class Executions {
  /** @type {Trade[]} */
  #known = [];
  /** All trades since this time are known; at first none is. */
  #reached = "9";

  /** @param {(nextToken: string | undefined) => Promise<{trades: Trade[], nextToken?: string}>} page asks for a page, the newest first */
  constructor(page) {
    this.page = page;
  }

  /** All trades since a time, and those before that are known. The same list if nothing is new. @param {string} since @returns {Promise<Trade[]>} */
  async since(since) {
    const known = new Set(this.#reached <= since ? this.#known.map(idOf) : []);
    /** @type {Trade[]} */
    const found = [];
    /** @type {string | undefined} */
    let nextToken;
    let meets;
    do {
      const page = await this.page(nextToken);
      found.push(...page.trades);
      meets = page.trades.some((each) => known.has(each.tradeId));
      nextToken = page.nextToken;
    } while (nextToken && !meets && found.length < MOST && !endsBefore(found, since));
    if (!nextToken) this.#reached = "";
    else if (!meets) this.#reached = since;
    const news = new Set(found.map(idOf));
    const all = [...found, ...this.#known.filter((each) => !news.has(each.tradeId))].slice(0, MOST);
    if (all.length !== this.#known.length || all.some((each, place) => each.tradeId !== this.#known[place]?.tradeId)) this.#known = all;
    return this.#known;
  }
}

/** @param {Trade} trade */
const idOf = ({ tradeId }) => tradeId;

/** @param {Trade[]} found @param {string} since */
const endsBefore = (found, since) => (found[found.length - 1]?.tradeDate ?? "") < since;
