/** What `make lint` asks of the page's modules, beside their types. */
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser, sourceType: "module", ecmaVersion: 2023 },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-param-reassign": "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Templates make markup." }, { property: "outerHTML" }],
      "no-shadow": ["error", { allow: ["text", "act", "signIn", "moment"] }],
      "no-var": "error",
      "prefer-const": "error",
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 60 }],
      complexity: ["error", 20],
      eqeqeq: "error",
    },
  },
];
