"""The template, as it is written and as it is deployed: queues, policies, alarms, environments."""
