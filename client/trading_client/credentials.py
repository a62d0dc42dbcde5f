"""The calls about credentials, for brokers."""

from trading_client.connection import Connection, path_of
from trading_client.schemas import Caller, Credential, Revocation


class Credentials:
    """Credentials: issued and revoked. Each call raises TradingError."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def issue_broker(self) -> Credential:
        """Issues a credential of a broker, who acts for every customer. Each call issues a new one."""
        return self._issued({"role": "broker"})

    def issue_customer(self, customer_id: str) -> Credential:
        """Issues a customer's own credential. Each call issues a new one. Raises NotFound without such a customer."""
        return self._issued({"role": "customer", "customerId": customer_id})

    def revoke(self, key_id: str) -> Revocation:
        """Revokes a credential for good. If it was used just before, it works for up to 60 s more."""
        revocation: Revocation = self._connection.call("DELETE", path_of("credentials", key_id))
        return revocation

    def caller(self) -> Caller:
        """Whose the client's own credential is."""
        caller: Caller = self._connection.get("/caller")
        return caller

    def _issued(self, body: dict[str, str]) -> Credential:
        credential: Credential = self._connection.call("POST", "/credentials", body)
        return credential
