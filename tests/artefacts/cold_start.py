"""Runs inside an environment that has only what Lambda has: starts a built function, as Lambda does before an event.

Arguments: the function's artefact and the layer's; none for what any function needs, boto3 and a client. Prints the
processor's seconds and the modules that were loaded meanwhile, as JSON.
"""

import os
import sys
import time

answers, sys.stdout = sys.stdout, sys.stderr
before = set(sys.modules)
start = time.process_time()
if folders := sys.argv[1:]:
    function, layer = folders
    sys.path[:0] = [function, os.path.join(layer, "python")]  # noqa: PTH118 # as cheap as Lambda's own start
    __import__("app")
else:
    import boto3

    boto3.client("dynamodb")
seconds = time.process_time() - start
modules = sorted(set(sys.modules) - before)

import json  # noqa: E402 # not before the measurement

json.dump({"seconds": seconds, "modules": modules}, answers)
