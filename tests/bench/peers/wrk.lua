-- SPDX-License-Identifier: GPL-3.0-or-later
-- wrk's totals as one JSON line, exact where its own report rounds.
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'WRK {"requests":%d,"bytes":%d,"micros":%d,"p50_us":%d,"p99_us":%d,"bad":%d,"broken":%d}\n',
        summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
