/** The public API, called with the credentials of who has signed in. They are kept here, in memory alone. */

/** @typedef {import("./types").Fault} Fault */
/** @typedef {import("./types").ProblemDetails} ProblemDetails */

const ANSWER_MILLISECONDS = 30_000;
const ATTEMPTS = 3;
const PAUSE_MILLISECONDS = 300;
const KEPT_ANSWERS = 100;

/** What the API refused, in its words. */
export class Problem extends Error {
  /** @param {ProblemDetails} details */
  constructor(details) {
    super(details.detail);
    this.status = details.status;
    this.code = details.code;
    /** @type {Fault[]} */
    this.errors = details.errors ?? [];
  }
}

/** No answer came, so nobody knows whether something was done. */
export class NoAnswer extends Error {}

export class Api {
  #authorization = "";
  /** @type {Map<string, {tag: string, value: unknown}>} */
  #known = new Map();

  /**
   * @param {URL} base
   * @param {(call: {milliseconds: number, answered: boolean, refused: boolean}) => void} told of each call
   */
  constructor(base, told = () => undefined) {
    this.base = base;
    this.told = told;
  }

  /** From here on calls are made with this credential. @param {{keyId: string, secret: string}} credential */
  use({ keyId, secret }) {
    const bytes = new TextEncoder().encode(`${keyId}:${secret}`);
    this.#authorization = `Basic ${btoa(String.fromCharCode(...bytes))}`;
    this.#known.clear();
  }

  forget() {
    this.#authorization = "";
    this.#known.clear();
  }

  /**
   * What is asked for; the very same object as before if it has not changed.
   * @param {string} path @param {Record<string, string | undefined>} [query] @returns {Promise<any>}
   */
  async get(path, query = {}) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const address = given.length ? `${path}?${new URLSearchParams(/** @type {[string, string][]} */ (given))}` : path;
    const known = this.#known.get(address);
    const response = await this.#fetch("GET", address, undefined, known ? { "If-None-Match": known.tag } : {});
    if (response.status === 304 && known) return known.value;
    const value = await answer(response);
    const tag = response.headers.get("ETag");
    if (tag) this.#keep(address, { tag, value });
    return value;
  }

  /** A text, as of CSV, and where its next page is. @param {string} path @returns {Promise<{text: string, next?: string}>} */
  async text(path) {
    const response = await this.#fetch("GET", path);
    if (!response.ok) await answer(response);
    const next = /<([^>]+)>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
    return { text: await response.text(), ...(next ? { next } : {}) };
  }

  /**
   * Asks for a change. One that may be `repeated` without another effect is sent again if no answer comes.
   * @param {"POST" | "PUT" | "PATCH" | "DELETE"} method @param {string} path @param {object} [body] @returns {Promise<any>}
   */
  async send(method, path, body, repeated = method !== "POST" && method !== "PATCH") {
    for (let attempt = 1; ; attempt++) {
      try {
        return await answer(await this.#fetch(method, path, body));
      } catch (error) {
        const passing = error instanceof NoAnswer || (error instanceof Problem && [429, 503].includes(error.status));
        if (!passing || !repeated || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS * attempt));
      }
    }
  }

  /** @param {string} method @param {string} path @param {object} [body] @param {Record<string, string>} [more] */
  async #fetch(method, path, body, more = {}) {
    const headers = new Headers(more);
    if (this.#authorization) headers.set("Authorization", this.#authorization);
    if (body) headers.set("Content-Type", "application/json");
    const began = performance.now();
    try {
      const response = await fetch(new URL(path.replace(/^\//, ""), this.base), {
        method,
        headers,
        body: body ? JSON.stringify(body) : null,
        cache: "no-store",
        credentials: "omit", // a 401 that asks for Basic would stay open behind a prompt
        redirect: "error",
        signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
      });
      this.told({ milliseconds: performance.now() - began, answered: true, refused: response.status === 401 });
      return response;
    } catch (error) {
      this.told({ milliseconds: performance.now() - began, answered: false, refused: false });
      throw new NoAnswer("No answer came from the API.", { cause: error });
    }
  }

  /** @param {string} address @param {{tag: string, value: unknown}} kept */
  #keep(address, kept) {
    this.#known.delete(address);
    this.#known.set(address, kept);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT_ANSWERS && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** @param {Response} response */
async function answer(response) {
  let value;
  try {
    value = await response.json();
  } catch (error) {
    if (response.ok) throw new NoAnswer("The answer of the API cannot be read.", { cause: error });
  }
  if (response.ok) return value;
  throw new Problem({
    status: response.status,
    code: value?.code ?? CODES[response.status] ?? "unavailable",
    title: value?.title ?? "",
    detail: value?.detail ?? SAID[response.status] ?? `The API answered with status ${response.status}.`,
    ...(value?.errors ? { errors: value.errors } : {}),
  });
}

/** For gateways that answer without problem details. @type {Record<number, string>} */
const CODES = { 401: "unauthorized", 403: "forbidden", 404: "not-found", 429: "too-many-requests" };
/** @type {Record<number, string>} */
const SAID = {
  401: "Sign in first.",
  403: "These credentials are not known, or do not permit this.",
  404: "There is no such thing.",
  429: "There were too many requests. Try again in a moment.",
  503: "A part of the system does not answer. Try again.",
};
