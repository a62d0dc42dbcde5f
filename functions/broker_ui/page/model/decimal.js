/**
 * Exact amounts and prices: text on the wire, whole millionths of a dollar in between. A float never touches money.
 */

const DIGITS = 6;
const ONE = 10n ** BigInt(DIGITS);
const FORM = /^-?\d+(\.\d+)?$/;

/** A text like "161.90" as millionths. @param {string} text @returns {bigint} */
export function units(text) {
  if (!FORM.test(text)) throw new RangeError(`${text} is no amount`);
  const [whole, part = ""] = text.split(".");
  const number = BigInt(whole + part.slice(0, DIGITS).padEnd(DIGITS, "0"));
  return number;
}

/** Millionths as text, rounded half away from zero. @param {bigint} number @param {number} decimals @returns {string} */
export function text(number, decimals = 2) {
  const step = 10n ** BigInt(DIGITS - decimals);
  const size = number < 0n ? -number : number;
  const rounded = (size + step / 2n) / step;
  const digits = rounded.toString().padStart(decimals + 1, "0");
  const sign = number < 0n && rounded > 0n ? "-" : "";
  return decimals ? `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : sign + digits;
}

/** What so many shares at a price are worth. @param {string} price @param {number} shares @returns {bigint} */
export const worth = (price, shares) => units(price) * BigInt(shares);

/** How far a value is from another, as a fraction, for hints alone. @param {string} value @param {string} from */
export function distance(value, from) {
  const base = units(from);
  if (base === 0n) return 0;
  const thousandths = ((units(value) - base) * ONE) / base;
  return Number(thousandths) / Number(ONE);
}

/** Compares two amounts as text. @param {string} left @param {string} right */
export function compare(left, right) {
  const difference = units(left) - units(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The middle of two prices, to four decimals. @param {string} bid @param {string} ask */
export const middle = (bid, ask) => text((units(bid) + units(ask)) / 2n, 4).replace(/00$/, "");
