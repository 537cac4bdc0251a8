"""The part of the Sparkplug B schema (Eclipse Tahu, sparkplug_b.proto) that readings need.

Built here, as no compiler of protobuf is installed. What is left out — texts, bytes, metadata,
properties, data sets, templates — is unknown when it comes, and so refused: it could say anything.
"""

from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

PACKAGE = "org.eclipse.tahu.protobuf"
U32, U64 = FieldDescriptorProto.TYPE_UINT32, FieldDescriptorProto.TYPE_UINT64
FLOAT, DOUBLE = FieldDescriptorProto.TYPE_FLOAT, FieldDescriptorProto.TYPE_DOUBLE
BOOL, STRING = FieldDescriptorProto.TYPE_BOOL, FieldDescriptorProto.TYPE_STRING
METRIC = {
    "name": (1, STRING),
    "alias": (2, U64),
    "timestamp": (3, U64),
    "datatype": (4, U32),
    "is_historical": (5, BOOL),
    "is_transient": (6, BOOL),
    "is_null": (7, BOOL),
    "int_value": (10, U32),
    "long_value": (11, U64),
    "float_value": (12, FLOAT),
    "double_value": (13, DOUBLE),
}
VALUES = ("int_value", "long_value", "float_value", "double_value")


def _file() -> FileDescriptorProto:
    file = FileDescriptorProto(name="sparkplug_b.proto", package=PACKAGE, syntax="proto2")
    payload = file.message_type.add(name="Payload")
    metric = payload.nested_type.add(name="Metric")
    metric.oneof_decl.add(name="value")
    for name, (number, kind) in METRIC.items():
        field = metric.field.add(name=name, number=number, type=kind, label=1)
        if name in VALUES:
            field.oneof_index = 0
    payload.field.add(name="timestamp", number=1, type=U64, label=1)
    payload.field.add(
        name="metrics",
        number=2,
        type=FieldDescriptorProto.TYPE_MESSAGE,
        label=3,
        type_name=f".{PACKAGE}.Payload.Metric",
    )
    payload.field.add(name="seq", number=3, type=U64, label=1)
    return file


def _payload() -> Any:
    pool = DescriptorPool()
    pool.Add(_file())
    return GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Payload"))


Payload: Any = _payload()
