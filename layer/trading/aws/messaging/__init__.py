"""How stages get their work and pass it on: `queues`, `streams`, `topics`; `sockets` and `fan_out` of live updates.

`refusals`: which errors of AWS mean that a message can never succeed.
"""
