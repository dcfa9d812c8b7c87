//! The messages and the service of `proto/open_inference.proto`, as the build compiles them.

#![expect(unreachable_pub, reason = "the compiler of the messages makes everything public")]
#![expect(clippy::enum_variant_names, reason = "the names are those of the protocol")]
#![expect(clippy::too_many_lines, reason = "the compiler writes one function for all calls of the service")]

tonic::include_proto!("inference");
