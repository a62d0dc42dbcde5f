/** Keys for those who have armed them. No key sends an order: that takes the button that says so. */

import { mayReplace } from "./model/orders.js";
import { tabsOf } from "./state.js";

/** @type {[string, string][]} */
export const HOTKEYS = [
  ["b", "Buy: to the quantity"], ["s", "Sell: to the quantity"], ["p", "To the limit price"], ["Enter", "On the button: review or send"],
  ["c", "Cancel the order whose life is shown"], ["r", "Replace it"], ["a", "Cancel all: asks first"], ["f", "To the filter"],
  ["1, 2 …", "The tabs, from the left"], ["u", "UTC or local time"], ["?", "This sheet"],
];

/** @param {import("./store.js").Store<import("./state.js").State>} store @param {import("./actions.js").Actions} act */
export function listenToKeys(store, act) {
  document.addEventListener("keydown", (event) => {
    const { state } = store;
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.closest("input, select, textarea, dialog") !== null;
    if (!state.armed || typing || event.ctrlKey || event.metaKey || event.altKey || state.phase !== "in") return;
    if (press(event.key, state, act)) event.preventDefault();
  });
}

/** @param {string} key @param {import("./state.js").State} state @param {import("./actions.js").Actions} act @returns {boolean} whether it means something */
function press(key, state, act) {
  const order = state.orders.value?.get(state.lifeOf);
  switch (key) {
    case "b":
    case "s":
      act.edit({ direction: key === "b" ? "Buy" : "Sell" });
      return focus("ticket-quantity");
    case "p":
      return focus("ticket-price");
    case "f":
      return focus("filter");
    case "c":
      if (order) void act.cancel(order);
      return true;
    case "r":
      if (order && mayReplace(order)) {
        act.chooseTab("orders");
        act.editReplacement(order);
      }
      return true;
    case "a":
      if (state.account.value?.openOrders) act.set({ dialog: "cancel-all" });
      return true;
    case "u":
      act.choose({ utc: !state.utc });
      return true;
    case "?":
      act.set({ dialog: "hotkeys" });
      return true;
    default: {
      const tab = tabsOf(state)[Number(key) - 1];
      if (tab) act.chooseTab(tab);
      return tab !== undefined;
    }
  }
}

/** @param {string} id */
function focus(id) {
  document.getElementById(id)?.focus();
  return true;
}
