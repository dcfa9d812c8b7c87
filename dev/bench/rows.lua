-- Asks with the rows of a file in rotation, a JSON record a line: wrk ... --script rows.lua URL -- FILE
-- and prints what was measured as JSON.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  requests = {}
  local headers = { ["Content-Type"] = "application/json" }
  for row in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, row)
  end
  -- Each thread starts elsewhere in the rotation.
  at = math.floor(number * #requests / 2)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "failed": %d, "p50": %f, "p99": %f, "p99.9": %f}\n',
    summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)
  ))
end
