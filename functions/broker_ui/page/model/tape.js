/** What is told of an execution beside its time, shares and price. */

/** @typedef {import("../types").Print} Print */

/** Who came to whom, for those who do not see the colour of the price: nobody in an auction. @param {Print} print */
export const took = ({ aggressor }) => (aggressor ? `${aggressor === "Buy" ? "a buy" : "a sell"} took` : "");

/** What kind of trade it was, unless it was of the lit pools' continuous trading: in short, and whole. @param {Print} print */
export function kind({ auction, exchangeType }) {
  if (auction) return { short: auction.toLowerCase(), whole: `${auction} auction` };
  return exchangeType === "DarkPool" ? { short: "dark", whole: "Dark pool" } : undefined;
}
