//! The messages and the service of `proto/open_inference.proto`, as the build compiles them.

#![expect(unreachable_pub, reason = "the compiler of the messages makes everything public")]

tonic::include_proto!("inference");
