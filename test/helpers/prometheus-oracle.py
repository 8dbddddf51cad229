# Reads metrics on stdin with Prometheus' own Python client and writes every sample as a line of JSON: name, labels, value.
# The argument says which format it is: text or openmetrics. For comparison with our own reader, nothing else.
import io
import json
import math
import sys

if sys.argv[1] == "openmetrics":
    from prometheus_client.openmetrics.parser import text_fd_to_metric_families
else:
    from prometheus_client.parser import text_fd_to_metric_families


def number(value):
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


text = sys.stdin.buffer.read().decode("utf-8")
for family in text_fd_to_metric_families(io.StringIO(text, newline="\n")):
    for sample in family.samples:
        print(json.dumps([sample.name, sorted(sample.labels.items()), number(sample.value)]))
