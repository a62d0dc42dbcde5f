"""The tests: unit, property, contract and integration run without a network, e2e against the deployed local cloud."""
