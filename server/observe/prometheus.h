// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/observe/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <string>
#include <vector>

namespace spillway::observe {

inline constexpr std::string_view prometheusContentType = "text/plain; version=0.0.4; charset=utf-8";

/// Metrics in Prometheus's terms, for the admin listener's /metrics. prometheus-cpp gives the data model and
/// the serializer; its web server (Exposer) is not used. Any thread. Nothing is kept between scrapes. Label
/// combinations of http_requests_total that never happened are left out, as their number is 992.
class PrometheusCollector final : public prometheus::Collectable
{
public:
    explicit PrometheusCollector(const Metrics& metrics) : metrics_(metrics) {}

    [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;
    /// The text exposition format 0.0.4.
    [[nodiscard]] std::string text() const;

private:
    const Metrics& metrics_;
};

} // namespace spillway::observe
