//! The messages and the service of `proto/open_inference.proto`, as the build compiles them.

tonic::include_proto!("inference");
