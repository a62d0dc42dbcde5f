"""The system as it is deployed on the local cloud."""
