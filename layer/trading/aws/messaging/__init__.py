"""Queues, topics and streams: how stages get their work and pass it on."""
