/** The page's start: signs in, by a one-time code or the form, then asks, and draws what it knows. */

import { render } from "./vendor/lit-html.js";
import { Actions } from "./actions.js";
import { Api, NoAnswer, Problem } from "./api.js";
import { Live } from "./feed/live.js";
import { Polling } from "./feed/polling.js";
import { faultOf, Snapshots } from "./feed/snapshots.js";
import { listenToKeys } from "./hotkeys.js";
import { initial, remembered } from "./state.js";
import { Store } from "./store.js";
import { drawChart } from "./views/plot.js";
import { openDialog } from "./views/dialogs.js";
import { shell } from "./views/shell.js";
import { signIn } from "./views/sign_in.js";

/** @typedef {import("./types").Credential} Credential */

const SECOND = 1_000;
const LATENCY_WEIGHT = 0.2;
/** What an older API does not have: its panel is not shown then. */
const OPTIONAL = new Set(["bars", "tape", "work", "deadLetters"]);
/** What may be there later. */
const LATER = "reconciliation";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const store = new Store({ ...initial(), ...remembered() });
const api = new Api(new URL("../../", import.meta.url), called);
const polling = new Polling(failed);
const snapshots = new Snapshots(store, api, polling);
const act = new Actions(store, api, snapshots, polling);
/** @type {Credential} */
let credential = { keyId: "", secret: "" };
const live = new Live(snapshots, () => credential);

/** @param {{milliseconds: number, answered: boolean, refused: boolean}} call */
function called({ milliseconds, answered, refused }) {
  const { connection } = store.state;
  const known = connection.latency || milliseconds;
  if (answered) {
    connection.latency = known + LATENCY_WEIGHT * (milliseconds - known);
    connection.answeredAt = Date.now();
  } else {
    connection.failedAt = Date.now();
  }
  store.touch();
  if (refused && store.state.phase === "in") leave("You have been signed out.");
}

/** A question that failed leaves what is known, marked. @param {string} name @param {unknown} error */
function failed(name, error) {
  if (error instanceof Problem && error.status === 403 && name === "session") return leave(error.message);
  const known = /** @type {any} */ (store.state)[name];
  if (error instanceof Problem && [403, 404].includes(error.status) && OPTIONAL.has(name)) {
    polling.stop(name);
    return store.set({ [name]: { value: undefined, at: 0, absent: true } });
  }
  const absent = name === LATER && error instanceof Problem && error.status === 404;
  Object.assign(store.state, { [name]: absent ? { value: undefined, at: Date.now(), absent } : { ...known, fault: faultOf(error) } });
  store.touch();
}

/** @param {Credential} given */
async function enter(given) {
  store.set({ phase: "entering", signInFault: "" });
  api.use(given);
  credential = given;
  try {
    const who = await holder();
    store.set({ phase: "in", who: { keyId: given.keyId, role: who.role, expires: given.expires ?? "" }, customerId: who.customerId });
  } catch (error) {
    return leave(faultOf(error));
  }
  act.edit({ ticker: store.state.ticker });
  snapshots.market();
  snapshots.ticker();
  snapshots.customer();
}

/** Whose the credential is, and which customer is shown first. @returns {Promise<{role: "broker" | "customer", customerId: string}>} */
async function holder() {
  const { role, customerId } = await api.get("/caller");
  if (role === "customer") return { role, customerId };
  const { customers } = await api.get("/customers", { limit: "500" });
  /** @type {import("./types").Customer[]} */
  const known = customers;
  const first = known.find((each) => each.openOrders > 0) ?? known.find((each) => each.spent !== "0.00") ?? known[0];
  return { role, customerId: first?.customerId ?? "" };
}

/** Forgets the credential and all that was asked with it. @param {string} [fault] */
function leave(fault = "") {
  polling.stopAll();
  live.end();
  api.forget();
  credential = { keyId: "", secret: "" };
  store.set({ ...initial(), ...remembered(), signInFault: fault });
}

/** The code of a one-time link, which goes from the address at once. */
function takeCode() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) history.replaceState(null, "", location.pathname + location.search);
  return code;
}

/** @param {string} code */
async function exchange(code) {
  store.set({ phase: "entering" });
  try {
    await enter(await api.send("POST", "/sign-ins", { code }, false));
  } catch (error) {
    leave(error instanceof Problem || error instanceof NoAnswer ? error.message : String(error));
  }
}

/** The stream listens to what is chosen. */
let followed = "";
store.listen(({ phase, session, customerId, ticker }) => {
  const wanted = phase === "in" && session.value?.streamUrl ? `${customerId} ${ticker}` : "";
  if (wanted && wanted !== followed) live.follow();
  followed = wanted;
});
store.listen((state) => {
  const began = performance.now();
  document.documentElement.dataset.theme = state.theme;
  render(state.phase === "in" ? shell(state, act, () => leave()) : signIn(state, (keyId, secret) => void enter({ keyId, secret })), root);
  openDialog(root);
  void drawChart(state, root);
  performance.measure("draw", { start: began });
  performance.clearMeasures("draw"); // whoever observes has it
});
root.replaceChildren();
store.touch();
listenToKeys(store, act);
setInterval(() => store.state.phase === "in" && store.set({ now: Date.now() }), SECOND);
document.addEventListener("visibilitychange", () => document.hidden || void polling.now(...polling.questions.keys()));
const code = takeCode();
if (code) void exchange(code);
