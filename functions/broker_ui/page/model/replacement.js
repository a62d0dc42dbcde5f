/** What a replacement of an order changes. */

/** @typedef {import("../types").Order} Order */

/** What a replacement asks for, or what is wrong with it. @param {Order} order @param {{quantity: string, price: string}} editing */
export function changesOf(order, editing) {
  const quantity = Number(editing.quantity.replace(/[,' ]/g, ""));
  const price = editing.price.trim().replace(/[,' ]/g, "");
  if (!Number.isInteger(quantity) || quantity < 1) return "Enter a whole number of shares.";
  if (order.price !== undefined && !/^\d{1,6}(\.\d{1,2})?$/.test(price)) return "Enter a price with at most two decimals.";
  const changed = {
    ...(quantity === order.quantity ? {} : { quantity }),
    ...(order.price === undefined || price === order.price ? {} : { price }),
  };
  return Object.keys(changed).length ? changed : "Nothing is changed.";
}
