"""How the stages reach AWS: settings, clients, the tables, the topics, the queues, the API's answers."""
