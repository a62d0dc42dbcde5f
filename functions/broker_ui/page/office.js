/** What a broker does for customers beside their orders: opens them, moves their cash, gives them a credential. */

import { faultOf } from "./feed/snapshots.js";

/** @typedef {import("./actions.js").Actions} Actions */

export const emptyOffice = () => ({ opening: "", amount: "", fault: { opening: "", amount: "", credential: "" }, issued: /** @type {{keyId: string, secret: string} | undefined} */ (undefined), busy: false });

/** @param {Actions} act */
export async function openCustomer(act) {
  const customerId = act.state.office.opening.trim();
  if (!/^\d{6}$/.test(customerId)) return refuse(act, "opening", "Enter six digits.");
  return doing(act, "opening", async () => {
    await act.api.send("PUT", `/customers/${customerId}`);
    await act.polling.now("customers");
    act.chooseCustomer(customerId);
    act.tell("good", `Customer ${customerId} is open.`);
    act.set({ office: emptyOffice() });
  });
}

/** @param {Actions} act @param {"Deposit" | "Withdrawal"} type */
export async function moveCash(act, type) {
  const { customerId, office } = act.state;
  const amount = office.amount.trim().replace(/[,' ]/g, "");
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(amount)) return refuse(act, "amount", "Enter an amount with at most two decimals.");
  return doing(act, "amount", async () => {
    await act.api.send("POST", `/customers/${customerId}/cash`, { type, amount, reference: crypto.randomUUID() }, true);
    act.tell("good", `${type} of ${amount} USD: done for customer ${customerId}.`);
    act.set({ office: emptyOffice() });
    await act.polling.now("account", "customers");
  });
}

/** A new credential each time: it is not sent again if no answer comes. @param {Actions} act */
export const issueCredential = (act) =>
  doing(act, "credential", async () => {
    const { customerId } = act.state;
    const { keyId, secret } = await act.api.send("POST", "/credentials", { role: "customer", customerId }, false);
    act.set({ office: { ...emptyOffice(), issued: { keyId, secret } } });
  });

/** @param {Actions} act @param {keyof ReturnType<typeof emptyOffice>["fault"]} field @param {string} said */
const refuse = (act, field, said) => act.set({ office: { ...act.state.office, busy: false, fault: { ...emptyOffice().fault, [field]: said } } });

/** @param {Actions} act @param {keyof ReturnType<typeof emptyOffice>["fault"]} field @param {() => Promise<void>} what */
async function doing(act, field, what) {
  if (act.state.office.busy) return;
  act.set({ office: { ...act.state.office, busy: true, fault: emptyOffice().fault } });
  try {
    await what();
    act.set({ office: { ...act.state.office, busy: false } });
  } catch (error) {
    refuse(act, field, faultOf(error));
  }
}
