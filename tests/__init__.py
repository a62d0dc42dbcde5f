"""The tests, a folder for each kind.

- Without a network: `unit` (rules), `property` (rules, whatever the input), `book` (the order book, beside other
  engines), `integration` (stages on AWS in memory), `contract` (schemas, old messages, the API's contract), `crash`
  (every call of AWS fails), `fuzz` (bad input), `template`, `docs`, `artefacts` (what was built), `mutation`.
- On the deployed local cloud: `e2e`. In Lambda's containers: `containers`.
- `support` is what they stand on.
"""
