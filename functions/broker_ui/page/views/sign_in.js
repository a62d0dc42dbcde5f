/** The form that takes a key id and a secret. They stay in memory. */

import { html, nothing } from "../vendor/lit-html.js";

/** @param {import("../state.js").State} state @param {(keyId: string, secret: string) => void} signIn */
export function signIn(state, signIn) {
  const entering = state.phase === "entering";
  /** @param {SubmitEvent} event */
  const submitted = (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    signIn(String(fields.get("keyId")).trim(), String(fields.get("secret")).trim());
  };
  return html`
    <main class="sign-in">
      <form class="panel" @submit=${submitted} aria-labelledby="sign-in-title">
        <h1 id="sign-in-title">Sign in</h1>
        <p>With a credential of the API. This page keeps it in memory until you leave or reload it, and stores it nowhere.</p>
        <label>Key id <input name="keyId" autofocus autocomplete="username" autocapitalize="none" spellcheck="false" required ?disabled=${entering}></label>
        <label>Secret <input name="secret" type="password" autocomplete="current-password" required ?disabled=${entering}></label>
        <p class="fault" role="alert">${state.signInFault || nothing}</p>
        <button class="primary" ?disabled=${entering}>${entering ? "Signing in …" : "Sign in"}</button>
        <p class="hint">An operator can also give you a link that signs you in once: <code>make page</code>.</p>
      </form>
    </main>`;
}
