"""How the stages reach AWS.

- `settings`, `clients`, `clock`, `time_limit`, `parameters`: what stages start with. `pause`: the operator's switch.
- `logs`: what functions log. `stream_address`: where the live updates are.
- Rooms: `api` (answers), `messaging` (queues, topics, streams), `store` (tables and archive), `engine` (journals).
"""
