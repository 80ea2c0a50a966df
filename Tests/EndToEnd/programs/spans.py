"""Prints the spans of an ExportTraceServiceRequest, in Protocol Buffers on standard input, as the JSON that protobuf
makes of it. Reads with the schema that OpenTelemetry publishes."""

import sys

from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

request = ExportTraceServiceRequest.FromString(sys.stdin.buffer.read())
sys.stdout.write(MessageToJson(request))
