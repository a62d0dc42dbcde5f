"""How the content of a journal's entry is compressed."""

import json
import zlib
from hashlib import sha256

import pytest

from tests.support import samples
from trading.aws.engine import entry_content
from trading.domain.messages.wire import compact
from trading.domain.orders import PoolType

MESSAGES = samples.published(PoolType.LIT, samples.routed(PoolType.LIT, samples.SEED))
TEXT = compact({"events": [], "messages": [message.body for message in MESSAGES]})
PACKED = entry_content.pack(TEXT)


def test_a_content_is_read_as_it_was_written() -> None:
    assert json.loads(entry_content.unpack(PACKED)) == json.loads(TEXT)


def test_a_content_from_before_the_dictionary_is_read() -> None:
    assert entry_content.unpack(zlib.compress(TEXT.encode(), 1)) == TEXT.encode()


def test_the_dictionary_saves_two_fifths_of_the_messages_of_the_original_document_s_order() -> None:
    assert 5 * len(PACKED) < 3 * len(zlib.compress(TEXT.encode(), 9))


def test_the_dictionary_never_changes_because_stored_entries_need_it() -> None:
    assert (
        sha256(entry_content.DICTIONARY).hexdigest()
        == "736af7443858c8f1810372375cf942d81f102039c65f0fadf7a4c17cff7432a4"
    )


@pytest.mark.parametrize("packed", [b"", PACKED[:-5], PACKED[: len(PACKED) // 2], b"not compressed"])
def test_what_is_not_a_whole_content_is_refused(packed: bytes) -> None:
    with pytest.raises(zlib.error):
        entry_content.unpack(packed)


def test_a_content_of_another_dictionary_is_refused() -> None:
    packer = zlib.compressobj(zdict=b"another")
    with pytest.raises(zlib.error):
        entry_content.unpack(packer.compress(TEXT.encode()) + packer.flush())
