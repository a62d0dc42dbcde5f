/** What is told of the next auction. */

import { amount, shares } from "./format.js";

/** Its price and shares as they would be now, and what would be left on a side. @param {import("../types").Auction} auction */
export function indication({ kind, price, quantity, imbalance, side }) {
  const rest = imbalance && side ? `${shares(imbalance)} more to ${side.toLowerCase()}` : "no imbalance";
  return `${kind} auction: ${shares(quantity)} at ${amount(price)}, ${rest}`;
}
