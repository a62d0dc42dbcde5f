/** Files of comma-separated values: the API's own of a statement, and trades. */

/** @typedef {import("./api.js").Api} Api */

const COLUMNS = /** @type {const} */ ([
  "tradeId", "tradeDate", "settlementDate", "valueDate", "customerId", "direction", "ticker", "quantity", "price", "fee", "exchange", "exchangeType", "orderId",
]);

/** All pages of a statement; the first row names the columns. @param {Api} api @param {string} customerId @param {string} date */
export async function statementCsv(api, customerId, date) {
  let path = `/customers/${customerId}/statements/${date}?format=csv`;
  const parts = [];
  for (;;) {
    const { text, next } = await api.text(path);
    parts.push(parts.length ? text.slice(text.indexOf("\n") + 1) : text);
    if (!next) return parts.join("");
    path = `/customers/${customerId}/statements/${date}${next.slice(next.indexOf("?"))}`;
  }
}

/** All trades of a day. @param {Api} api @param {string} customerId @param {string} date */
export async function tradesCsv(api, customerId, date) {
  const rows = [COLUMNS.join(",")];
  for (let nextToken; ;) {
    const page = await api.get(`/trades/${customerId}`, { tradeDate: date, nextToken });
    for (const trade of page.trades) rows.push(COLUMNS.map((name) => cell(trade[name])).join(","));
    nextToken = page.nextToken;
    if (!nextToken) return `${rows.join("\r\n")}\r\n`;
  }
}

/** @param {unknown} value */
function cell(value) {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Gives the reader a file. @param {string} name @param {string} text */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
