/** The best prices of a ticker, as new as the page has them. */

/** @typedef {import("../types").Book} Book */
/** @typedef {import("../types").Ticker} Ticker */

/**
 * A ticker as it is listed, with the best prices of its order book where that is known: the stream tells of the book at
 * once, the list is asked for every few seconds. While orders collect, best prices may cross and are no quote.
 * @param {Ticker[] | undefined} tickers @param {Book | undefined} book @param {string} ticker @returns {Ticker | undefined}
 */
export function quoteOf(tickers, book, ticker) {
  const listed = tickers?.find((each) => each.ticker === ticker);
  if (!listed || book?.ticker !== ticker || book.session !== "Open" || !(book.bids.length || book.asks.length)) return listed;
  const quote = { ...listed };
  for (const name of /** @type {const} */ (["bid", "ask", "bidSize", "askSize"])) delete quote[name];
  const [bid, ask] = [book.bids[0], book.asks[0]];
  if (bid) Object.assign(quote, { bid: bid.price, bidSize: bid.quantity });
  if (ask) Object.assign(quote, { ask: ask.price, askSize: ask.quantity });
  return quote;
}

/** The newer of two states of the book that is shown. @param {Book} asked @param {Book | undefined} known @returns {Book} */
export function newerBook(asked, known) {
  return known?.ticker === asked.ticker && known.sequence > asked.sequence ? known : asked;
}
