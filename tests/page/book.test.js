import assert from "node:assert/strict";
import { test } from "node:test";
import { newerBook, quoteOf } from "../../functions/broker_ui/page/model/book.js";

const LISTED = [{ ticker: "COIN", bid: "161.88", ask: "161.90", askSize: 5, quantity: 8614 }, { ticker: "AMD", bid: "114.23", ask: "114.24" }];
const BOOK = { ticker: "COIN", sequence: 7, session: "Open", bids: [{ price: "162.04", quantity: 900 }, { price: "162.03", quantity: 1 }], asks: [{ price: "162.07", quantity: 800 }] };

test("the quote is that of the order book, which the stream tells at once, and all else is as it is listed", () => {
  assert.deepEqual(quoteOf(LISTED, BOOK, "COIN"), { ticker: "COIN", bid: "162.04", bidSize: 900, ask: "162.07", askSize: 800, quantity: 8614 });
  assert.deepEqual(Object.keys(quoteOf(LISTED, { ...BOOK, asks: [] }, "COIN")), ["ticker", "quantity", "bid", "bidSize"]);
});

test("without a book of this ticker, or while orders collect in it, the quote is as it is listed", () => {
  assert.equal(quoteOf(LISTED, undefined, "COIN"), LISTED[0]);
  assert.equal(quoteOf(LISTED, BOOK, "AMD"), LISTED[1]);
  assert.equal(quoteOf(LISTED, { ...BOOK, session: "Closed" }, "COIN"), LISTED[0]);
  assert.equal(quoteOf(LISTED, { ...BOOK, bids: [], asks: [] }, "COIN"), LISTED[0]);
  assert.equal(quoteOf(LISTED, BOOK, "IBM"), undefined);
  assert.equal(quoteOf(undefined, BOOK, "COIN"), undefined);
});

test("an answer that is older than what the stream told changes nothing", () => {
  const older = { ...BOOK, sequence: 6 }, equal = { ...BOOK }, other = { ...BOOK, ticker: "AMD", sequence: 1 };
  assert.equal(newerBook(older, BOOK), BOOK);
  assert.equal(newerBook(equal, BOOK), equal);
  assert.equal(newerBook(other, BOOK), other);
  assert.equal(newerBook(BOOK, undefined), BOOK);
});
