"""A collector that reads spans with OpenTelemetry's own messages."""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import requests
from common import *
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
spans = []
complete = threading.Event()


class Collector(BaseHTTPRequestHandler):
    def do_POST(self):
        assert self.path == "/v1/traces" and self.headers["content-type"] == "application/x-protobuf"
        sent = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"])))
        for resource in sent.resource_spans:
            assert [a.value.string_value for a in resource.resource.attributes if a.key == "service.name"] == [
                "churn-service"
            ]
            for scope in resource.scope_spans:
                assert scope.scope.name == "firesteel"
                spans.extend(scope.spans)
        self.send_response(200)
        self.end_headers()
        if len(spans) >= 6:
            complete.set()

    def log_message(self, *_):
        pass


host, port = os.environ["FIRESTEEL_COLLECTOR"].split(":")
collector = HTTPServer((host, int(port)), Collector)
threading.Thread(target=collector.serve_forever, daemon=True).start()

traced = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
record = {"age": 45, "income": 52000.5, "tenure_months": 14, "credit_score": 0.71}
assert requests.post(f"http://{REST}/predict", json=record, headers=traced).status_code == 200
assert requests.get(f"http://{REST}/nowhere", headers=traced).status_code == 404
not_sampled = {"traceparent": f"00-{TRACE}-{PARENT}-00"}
assert requests.post(f"http://{REST}/predict", json=record, headers=not_sampled).status_code == 200
assert complete.wait(20), spans

assert {s.trace_id.hex() for s in spans} == {TRACE}
assert len({s.span_id for s in spans}) == len(spans) == 6 and all(len(s.span_id) == 8 for s in spans)
roots = [s for s in spans if s.kind == Span.SPAN_KIND_SERVER]
assert [s.name for s in roots] == ["POST /predict", "GET"], spans
assert {s.parent_span_id.hex() for s in roots} == {PARENT}
request = roots[0]
attributes = {a.key: a.value.string_value or a.value.int_value for a in request.attributes}
assert attributes == {
    "http.request.method": "POST", "url.path": "/predict", "http.response.status_code": 200,
}
assert request.status.code == Status.STATUS_CODE_UNSET
parts = [s for s in spans if s.kind == Span.SPAN_KIND_INTERNAL]
assert [s.name for s in parts] == ["parse", "queue", "score", "write"]
assert {s.parent_span_id for s in parts} == {request.span_id}
assert all(a.end_time_unix_nano == b.start_time_unix_nano for a, b in zip(parts, parts[1:]))
assert request.start_time_unix_nano <= parts[0].start_time_unix_nano
assert parts[-1].end_time_unix_nano <= request.end_time_unix_nano
