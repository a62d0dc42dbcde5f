"""How stages get their work and pass it on: `queues`, `streams`, `topics`.

`refusals`: which errors of AWS mean that a message can never succeed.
"""
