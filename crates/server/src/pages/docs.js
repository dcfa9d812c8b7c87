"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
let model = data.models[0];

// An element with attributes and children; text is always text, never markup.
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const typeName = (field) => field.type + (field.size ? `(${field.size})` : "") + (field.nullable ? "?" : "");

// The text of a value in the form: strings as they are, everything else as JSON.
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value));

// The JSON of what stands in a field. Numbers go as they were typed, so that no digit is lost.
function jsonOf(field, text) {
  const trimmed = text.trim();
  if (field.type === "string") return JSON.stringify(text);
  if (["NaN", "Infinity", "-Infinity"].includes(trimmed)) return JSON.stringify(trimmed);
  try {
    JSON.parse(trimmed);
    return trimmed;
  } catch {
    return JSON.stringify(text);
  }
}

function showFields() {
  const rows = model.inputs.map((field, at) => {
    const id = `field-${at}`;
    const input = make("input", { type: "text", id, name: field.name, spellcheck: "false" });
    input.value = shown(field.sample);
    const value = make("div", { class: "value" }, input);
    if (field.nullable) {
      const box = make("input", { type: "checkbox", id: `${id}-null` });
      box.addEventListener("change", () => { input.disabled = box.checked; });
      value.append(make("label", {}, box, " null"));
    }
    const label = make("label", { for: id }, field.name, make("small", {}, typeName(field)));
    return make("div", { class: "field" }, label, value, make("div", { class: "problem", id: `${id}-problem` }));
  });
  byId("fields").replaceChildren(...rows);
}

function showOutputs() {
  const boxes = model.outputs.map((field) => {
    const box = make("input", { type: "checkbox", value: field.name, name: "output" });
    box.checked = model.default_outputs.includes(field.name);
    return make("label", {}, box, ` ${field.name}`);
  });
  byId("outputs").replaceChildren(...boxes);
}

function showSignature() {
  const row = (kind) => (field) => make("tr", { class: kind },
    make("td", {}, field.name), make("td", {}, typeName(field)), make("td", {}, field.stage));
  byId("signature").replaceChildren(...model.inputs.map(row("input")), ...model.outputs.map(row("output")));
}

function showOperations() {
  const groups = new Map();
  for (const operation of data.operations) {
    if (!groups.has(operation.tag)) groups.set(operation.tag, []);
    groups.get(operation.tag).push(make("div", { class: "operation" },
      make("b", {}, operation.method), make("code", {}, operation.path), make("span", {}, operation.summary)));
  }
  const shownGroups = [...groups].flatMap(([tag, rows]) => [make("h3", {}, tag), ...rows]);
  byId("operations").replaceChildren(...shownGroups);
}

function showModel() {
  byId("status").textContent = "";
  byId("bars").replaceChildren();
  if (model.reason) {
    byId("about").textContent = model.reason;
    byId("form").hidden = true;
    return;
  }
  byId("form").hidden = false;
  byId("about").textContent =
    [model.name, model.uid, [model.format, model.version].join(" ").trim()].filter(Boolean).join(" · ");
  showFields();
  showOutputs();
  showSignature();
  showCurl();
}

function request() {
  const members = model.inputs.map((field, at) => {
    const box = byId(`field-${at}-null`);
    const value = box && box.checked ? "null" : jsonOf(field, byId(`field-${at}`).value);
    return `${JSON.stringify(field.name)}: ${value}`;
  });
  return `{${members.join(", ")}}`;
}

// The path with the outputs that are ticked; without them when they are the default ones.
function path() {
  const ticked = [...document.querySelectorAll("#outputs input:checked")].map((box) => box.value);
  const usual = ticked.length === 0 || (ticked.length === model.default_outputs.length
    && ticked.every((name) => model.default_outputs.includes(name)));
  return usual ? model.path : `${model.path}?outputs=${ticked.map(encodeURIComponent).join(",")}`;
}

function showCurl() {
  const body = request().replaceAll("'", "'\\''");
  byId("curl").textContent =
    `curl -s '${location.origin}${path()}' -H 'content-type: application/json' -d '${body}'`;
}

function showProblems(problems) {
  model.inputs.forEach((field, at) => {
    const own = problems.filter((problem) => problem.field === field.name).map((problem) => problem.problem);
    byId(`field-${at}-problem`).textContent = own.join("; ");
    byId(`field-${at}`).setAttribute("aria-invalid", own.length > 0);
  });
}

// A bar for each slot of each answered vector of probabilities.
function showBars(answer) {
  const bars = [];
  for (const [name, values] of Object.entries(answer)) {
    const sum = Array.isArray(values) ? values.reduce((total, value) => total + Number(value), 0) : 0;
    if (!(Math.abs(sum - 1) < 1e-6) || values.length < 2 || values.length > 12) continue;
    values.forEach((value, slot) => bars.push(make("div", { class: "bar" },
      `${name}[${slot}]`, make("meter", { min: 0, max: 1, value }), make("output", {}, value.toFixed(4)))));
  }
  byId("bars").replaceChildren(...bars);
}

// The answer's own text with line breaks between members, so that 1.0 stays 1.0 and long integers stay whole.
function pretty(text) {
  let out = "";
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (token === "}") out += "\n" + "  ".repeat(depth);
    out += token;
    if (token === "{" || (token === "," && depth === 1)) out += "\n" + "  ".repeat(depth);
    else if (token === "," || token === ":") out += " ";
  }
  return out;
}

async function predict() {
  const status = byId("status");
  showCurl();
  try {
    const response = await fetch(path(), {
      method: "POST", headers: { "content-type": "application/json" }, body: request(),
    });
    const text = await response.text();
    const answer = JSON.parse(text);
    status.className = response.ok ? "good" : "bad";
    status.textContent = response.ok ? `${response.status} in ${answer.latency_ms} ms` : `${response.status} ${answer.error.message}`;
    byId("answer").textContent = response.ok ? pretty(text) : JSON.stringify(answer, null, 2);
    showProblems(response.ok ? [] : answer.error.problems || []);
    showBars(response.ok ? answer : {});
  } catch (error) {
    status.className = "bad";
    status.textContent = `No answer: ${error.message}`;
  }
}

// A link may fill the form and ask at once: /docs#age=45&income=1000&run
function followLink() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const named = data.models.find((one) => one.name === asked.get("model"));
  if (named) {
    model = named;
    byId("model").value = named.name;
    showModel();
  }
  if (model.reason) return;
  model.inputs.forEach((field, at) => {
    if (asked.has(field.name)) byId(`field-${at}`).value = asked.get(field.name);
  });
  showCurl();
  if (asked.has("run")) predict();
}

byId("tagline").textContent = `Spark ML models, served without Spark. Version ${data.version}.`;
showOperations();
if (model) {
  byId("model").append(...data.models.map((one) => make("option", { value: one.name }, one.name)));
  byId("model-choice").hidden = data.models.length < 2;
  byId("model").addEventListener("change", (event) => {
    model = data.models.find((one) => one.name === event.target.value);
    showModel();
  });
  byId("form").addEventListener("submit", (event) => { event.preventDefault(); predict(); });
  byId("form").addEventListener("input", showCurl);
  byId("reset").addEventListener("click", showModel);
  showModel();
  followLink();
} else {
  byId("try").hidden = true;
}
