/** Numbers and times as the page writes them: en-US numbers, times of the viewer's zone or UTC. */

const GROUPS = /\B(?=(\d{3})+(?!\d))/g;

/** An amount or price with groups: 1,234,567.80. @param {string | undefined} text */
export function amount(text) {
  if (text === undefined) return "–";
  const [whole = "", part] = text.split(".");
  const grouped = whole.replace(GROUPS, ",").replace("-", "−");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** With its sign, for profits. @param {string | undefined} text */
export function signed(text) {
  if (text === undefined) return "–";
  return /^-|^0+(\.0+)?$/.test(text) ? amount(text) : `+${amount(text)}`;
}

/** @param {number | undefined} count */
export const shares = (count) => (count === undefined ? "–" : amount(String(count)));

/** A fraction as per cent. @param {number} fraction */
export const percent = (fraction) => `${fraction > 0 ? "+" : fraction < 0 ? "−" : ""}${Math.abs(fraction * 100).toFixed(2)}%`;

/** @param {number} number @param {number} width */
const padded = (number, width = 2) => String(number).padStart(width, "0");

/** The day of a time, like 2026-11-22. @param {Date} time @param {boolean} utc */
export function day(time, utc) {
  if (utc) return time.toISOString().slice(0, 10);
  return `${time.getFullYear()}-${padded(time.getMonth() + 1)}-${padded(time.getDate())}`;
}

/** The time of a day, with milliseconds if asked. @param {string} iso @param {boolean} utc @param {boolean} precise */
export function clock(iso, utc, precise = false) {
  const time = new Date(iso);
  const parts = utc
    ? [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds(), time.getUTCMilliseconds()]
    : [time.getHours(), time.getMinutes(), time.getSeconds(), time.getMilliseconds()];
  const text = parts.slice(0, 3).map((part) => padded(part)).join(":");
  return precise ? `${text}.${padded(parts[3] ?? 0, 3)}` : text;
}

/** A time, with its day unless that is today. @param {string} iso @param {boolean} utc @param {Date} now */
export function moment(iso, utc, now = new Date()) {
  const its = day(new Date(iso), utc);
  return its === day(now, utc) ? clock(iso, utc) : `${its} ${clock(iso, utc)}`;
}

/** A time that has passed, like +33 ms, +4.2 s or +3 min 4 s. @param {number} milliseconds */
export function passed(milliseconds) {
  if (milliseconds < 1000) return `+${milliseconds} ms`;
  if (milliseconds < 60_000) return `+${(milliseconds / 1000).toFixed(1)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return `+${minutes} min ${Math.floor((milliseconds % 60_000) / 1000)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `+${hours} h ${minutes % 60} min` : `+${Math.floor(hours / 24)} days`;
}

/** The zone of what is shown. @param {boolean} utc */
export const zone = (utc) => (utc ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone);
