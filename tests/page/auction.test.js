import assert from "node:assert/strict";
import { test } from "node:test";
import { indication } from "../../functions/broker_ui/page/model/auction.js";

test("the next auction is told by its price, its shares, and what would be left on a side", () => {
  const auction = { kind: "Opening", price: "1161.89", quantity: 12_300 };
  assert.equal(indication({ ...auction, imbalance: 1200, side: "Sell" }), "Opening auction: 12,300 at 1,161.89, 1,200 more to sell");
  assert.equal(indication({ ...auction, kind: "Closing" }), "Closing auction: 12,300 at 1,161.89, no imbalance");
});
