use proptest::prelude::*;

use super::*;

fn request(json: &str) -> Result<InferRequest, String> {
    read(&Bytes::from(json.to_owned()), None).map_err(|error| error.to_string())
}

#[test]
fn a_json_request_is_read_whole() {
    let read = request(
        r#"{"id": "a", "parameters": {"timeout": 500, "binary_data_output": true, "other": [1]},
            "inputs": [{"data": [1, 2], "name": "age", "shape": [2], "datatype": "INT32"}],
            "outputs": [{"name": "p", "parameters": {"binary_data": false, "classification": 2}}, {"name": "q"}]}"#,
    );
    let read = read.unwrap();
    assert_eq!(read.id.as_deref(), Some("a"));
    assert_eq!(read.timeout, Some(Duration::from_micros(500)));
    assert!(read.binary_outputs);
    assert_eq!(read.inputs[0].data, Data::Int(vec![1, 2]));
    let output = |name: &str, binary, classes| RequestedOutput { name: name.to_owned(), binary, classes };
    assert_eq!(read.outputs, [output("p", Some(false), Some(2)), output("q", None, None)]);
}

#[test]
fn bare_nan_is_read() {
    let read =
        request(r#"{"inputs": [{"name": "x", "shape": [2], "datatype": "FP64", "data": [NaN, -Infinity]}]}"#);
    let Data::Float(values) = &read.unwrap().inputs[0].data else { panic!("not floats") };
    assert!(values[0].is_nan());
    assert_eq!(values[1], f64::NEG_INFINITY);
}

#[test]
fn binary_tensors_follow_in_order() {
    let json = r#"{"inputs": [
        {"name": "a", "shape": [1], "datatype": "INT32", "parameters": {"binary_data_size": 4}},
        {"name": "b", "shape": [1], "datatype": "FP64", "data": [0.5]},
        {"name": "c", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": 6}}]}"#;
    let body = |tail: &[u8]| Bytes::from([json.as_bytes(), tail].concat());
    let whole = body(&[7, 0, 0, 0, 2, 0, 0, 0, b'h', b'i']);
    let read = |body: &Bytes, length| read(body, Some(length)).map_err(|error| error.to_string());
    let request = read(&whole, json.len()).unwrap();
    assert_eq!(*request.inputs[0].data.wide(), Data::Int(vec![7]));
    assert_eq!(request.inputs[2].data, Data::Bytes(vec![Bytes::from("hi")]));
    assert!(read(&body(&[0; 4]), json.len()).unwrap_err().contains("tensor 'c': binary_data_size is more"));
    let more = body(&[7, 0, 0, 0, 2, 0, 0, 0, b'h', b'i', 0]);
    assert!(read(&more, json.len()).unwrap_err().contains("1 bytes are left"));
    assert!(read(&whole, whole.len() + 1).unwrap_err().contains("the header says"));
}

#[test]
fn what_is_no_request_is_refused() {
    let input = |fields: &str| {
        request(&format!(r#"{{"inputs": [{{"name": "x", "shape": [1] {fields}}}]}}"#)).unwrap_err()
    };
    assert!(request("").unwrap_err().contains("EOF"));
    assert!(request("[]").unwrap_err().contains("not an inference request"));
    assert!(request("{}").unwrap_err().contains("missing field `inputs`"));
    assert!(request(r#"{"inputs": [NaN"#).unwrap_err().contains("not an inference request"));
    assert!(input(r#", "datatype": "FP8", "data": [1]"#).contains("tensor 'x': found datatype 'FP8'"));
    assert!(input(r#", "datatype": "FP64""#).contains("neither data nor binary_data_size"));
    let both = input(r#", "datatype": "FP64", "data": [1], "parameters": {"binary_data_size": 8}"#);
    assert!(both.contains("expected one of them"));
    let negative = input(r#", "datatype": "FP64", "parameters": {"binary_data_size": -8}"#);
    assert!(negative.contains("is no size"));
    let shared = input(r#", "datatype": "FP64", "parameters": {"shared_memory_region": "a"}"#);
    assert!(shared.contains("shared memory"));
}

#[test]
fn a_raw_body_is_the_only_input() {
    let doubles =
        |values: &[f64]| Bytes::from(values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>());
    let read = read_raw(doubles(&[1.0, 2.0]), "x", Datatype::Fp64, &[]).unwrap();
    assert_eq!((read.inputs[0].shape.as_slice(), read.binary_outputs), (&[2][..], true));
    let vectors = read_raw(doubles(&[1.0, 2.0]), "x", Datatype::Fp64, &[2]).unwrap();
    assert_eq!(vectors.inputs[0].shape, [1, 2]);
    let text = read_raw(Bytes::from("hello"), "x", Datatype::Bytes, &[]).unwrap();
    assert_eq!(text.inputs[0].data, Data::Bytes(vec![Bytes::from("hello")]));
    assert!(read_raw(Bytes::from("hello"), "x", Datatype::Fp64, &[]).is_err());
    assert!(read_raw(doubles(&[1.0]), "x", Datatype::Fp64, &[-1]).is_err());
}

#[test]
fn an_answer_is_written_in_json_and_binary() {
    let tensor = |name: &str, data: Vec<f64>| Tensor {
        name: name.to_owned(),
        datatype: Datatype::Fp64,
        shape: vec![data.len()],
        data: Data::Float(data),
        nulls: Vec::new(),
    };
    let mut p = tensor("p", vec![0.1, f64::NAN, f64::INFINITY, 0.0]);
    p.nulls = vec![3];
    let json = OutputTensor { tensor: p, binary: false };
    let (body, length) = write("m", "1", None, std::slice::from_ref(&json)).unwrap();
    let text = r#"{"model_name":"m","model_version":"1","outputs":[{"name":"p","datatype":"FP64","shape":[4],"data":[0.1,"NaN","Infinity",null]}]}"#;
    assert_eq!((std::str::from_utf8(&body).unwrap(), length), (text, None));
    let binary = OutputTensor { tensor: tensor("q", vec![1.5]), binary: true };
    let (body, length) = write("m", "1", Some("id"), &[json, binary]).unwrap();
    let (json, tail) = body.split_at(length.unwrap());
    assert_eq!(tail, 1.5_f64.to_le_bytes());
    let json: Value = serde_json::from_slice(json).unwrap();
    assert_eq!(json["id"], "id");
    assert_eq!(json["outputs"][1]["parameters"]["binary_data_size"], 8);
    assert_eq!(json["outputs"][1].get("data"), None);
}

#[test]
fn narrow_floats_are_written_short() {
    let data = Data::Float(vec![f64::from(0.1_f32)]);
    let tensor =
        Tensor { name: "f".to_owned(), datatype: Datatype::Fp32, shape: vec![1], data, nulls: Vec::new() };
    let (body, _) = write("m", "1", None, &[OutputTensor { tensor, binary: false }]).unwrap();
    assert!(std::str::from_utf8(&body).unwrap().contains("[0.1]"));
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(text in r#"[\{\}\[\]":,a-z0-9 NI\\-]{0,60}"#, length in prop::option::of(0_usize..70)) {
        let _ = read(&Bytes::from(text), length);
    }

    #[test]
    fn doubles_survive_json_and_binary(values in prop::collection::vec(any::<f64>(), 1..8), binary in any::<bool>()) {
        let tensor = Tensor {
            name: "x".to_owned(), datatype: Datatype::Fp64, shape: vec![values.len()],
            data: Data::Float(values.clone()), nulls: Vec::new(),
        };
        let (body, length) = write("m", "1", None, &[OutputTensor { tensor, binary }]).unwrap();
        let text = String::from_utf8_lossy(&body[..length.unwrap_or(body.len())]).replace("outputs", "inputs");
        let body = [text.as_bytes(), &body[length.unwrap_or(body.len())..]].concat();
        let read = read(&Bytes::from(body), length.map(|_| text.len())).unwrap();
        let Data::Float(after) = &*read.inputs[0].data.wide() else { panic!("not floats") };
        for (before, after) in values.iter().zip(after) {
            prop_assert!(before.to_bits() == after.to_bits() || (before.is_nan() && after.is_nan()));
        }
    }
}
