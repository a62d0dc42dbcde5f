"""The content of a journal's entry as it is stored: compressed, with a dictionary of what most entries have.

An entry of one order has few repetitions of its own: most of it are names of fields and their usual values. zlib takes
them from the dictionary, so that such an entry costs one write unit instead of two. A content says whether it was
compressed with the dictionary, and with which: older ones without are read, too. DICTIONARY never changes. A better one
is a further constant, and readers take the one that the content asks for.
"""

import zlib

LEVEL = 6

DICTIONARY = (
    rb'["Elected","Replaced","Expired","Quoted","Cancel"],["Canceled","MM:EBS:offer:0",100,0,"refilled"],'
    rb'"eventType":"orderCommanded","poolType":"Dark","topic":"orders","auction":"Opening","collects":true,'
    rb"\"ending\":{\"status\":\"Expired\",\"reason\":\"the session ended\"},\"type\":\"Market\",\"direction\":\"Sell\","
    rb"\"timeInForce\":\"GTC\",\"clientOrderId\":\"\",\"price\":\"0.00\",\"closed\":false,\"aggressor\":\"Sell\"},"
    rb'{"events":[["Traded","MM:IEX:offer:0","MM:EDGA:offer:0","MM:BAT.BYX:offer:0","MM:BATS:offer:0",'
    rb'"MM:ISLAND:offer:0","MM:NASDAQ.ARCA:offer:0","MM:EDGX:offer:0","MM:NASDAQ:offer:0","MM:EBS:bid:0",100,0,0],'
    rb'["Rested",["MM:IEX:bid:0","MM",true,1000,0,"GTC","CancelNewest","IEX",0,false,null,null,1000,1],1000],'
    rb'["Rested",["MM:IEX:offer:0","MM",false,1000,0,"GTC","CancelNewest","NASDAQ.ARCA",0,false,null,null,1000,7],1000],'
    rb'["Canceled","MM:EBS:offer:0",386,0,"refilled"]],"messages":[{"topic":"trades","attributes":{"eventType":'
    rb'"executionReports"},"group":"000001","id":"a5","body":"{\"version\":1,\"type\":\"executionReports\",'
    rb"\"bookingId\":\"01a203a9-8800-8004-0001\",\"customerId\":\"000001\",\"ticker\":\"\",\"poolType\":\"Lit\","
    rb"\"time\":\"2026-11-22T14:30:00.123Z\",\"orders\":[{\"order\":{\"customerId\":\"000001\",\"direction\":\"Buy\","
    rb"\"ticker\":\"\",\"type\":\"Limit\",\"orderId\":\"01a203a9-79cc-8\",\"orderDate\":\"2026-11-22T14:30:00.123Z\","
    rb"\"initialQuantity\":1000,\"sessionDate\":\"2026-11-22\",\"protectionPrice\":\"1.00\",\"highestFee\":\"0.00\","
    rb"\"highestRate\":\"0.0040\",\"sliceSize\":1000,\"price\":\"1.00\",\"arrival\":[\"1.00\",\"1.00\"]},"
    rb"\"released\":\"1.00\",\"executions\":[[1000,\"1.00\",\"IEX\",\"0.90\"],[1000,\"1.00\",\"EDGA\",\"1.40\"],"
    rb"[1000,\"1.00\",\"BAT.BYX\",\"1.50\"],[1000,\"1.00\",\"BATS\",\"2.50\"],[1000,\"1.00\",\"ISLAND\",\"2.70\"],"
    rb"[1000,\"1.00\",\"NASDAQ.ARCA\",\"2.80\"],[1000,\"1.00\",\"EDGX\",\"2.90\"],[1000,\"1.00\",\"NASDAQ\",\"3.00\"],"
    rb'[100,\"1.00\",\"EBS\",\"2.45\"]],\"closed\":true}]}"},{"topic":"market","attributes":{"eventType":"marketUpdated",'
    rb'"poolType":"Lit"},"group":"","id":"01a203a9-8800-8004-0001","body":"{\"version\":1,\"type\":\"marketUpdated\",'
    rb"\"ticker\":\"\",\"poolType\":\"Lit\",\"updateId\":\"01a203a9-8800-8004-0001\",\"sequence\":2,"
    rb"\"time\":\"2026-11-22T14:30:00.123Z\",\"trades\":[{\"number\":0,\"quantity\":1000,\"price\":\"1.00\","
    rb"\"exchange\":\"IEX\",\"aggressor\":\"Buy\"},{\"number\":1,\"quantity\":1000,\"price\":\"1.00\",\"exchange\":\"EDGA\","
)


def pack(text: str) -> bytes:
    packer = zlib.compressobj(LEVEL, zdict=DICTIONARY)
    return packer.compress(text.encode()) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """Raises zlib.error for what is not a whole content."""
    unpacker = zlib.decompressobj(zdict=DICTIONARY)
    text = unpacker.decompress(packed)
    if not unpacker.eof:
        raise zlib.error("incomplete content")
    return text
