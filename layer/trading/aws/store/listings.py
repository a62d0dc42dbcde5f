"""The listing of a ticker: from then on it is traded here."""

from trading.aws.store import keys, transactions
from trading.domain.quotes import Quote


def list_ticker(table: str, ticker: str, first: Quote, deadline: float) -> bool:
    """Lists a ticker with its first reference quote, once. Whether it is new: one that is listed keeps its quote.

    Raises what `transactions.write` raises. If only the answer of the write was lost, the ticker seems to be listed.
    """
    quote = {**keys.quote(ticker), "bid": first.bid, "ask": first.ask}
    try:
        transactions.write(
            [transactions.put_new(table, {**keys.listed(ticker)}), transactions.put_new(table, quote)], deadline
        )
    except transactions.TransactionCanceled:
        return False
    return True
