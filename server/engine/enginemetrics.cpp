// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/engine.h"

namespace spillway::engine {

/// What other layers count by themselves joins the workers' counters here.
void Engine::registerMetrics()
{
    using observe::Counter;
    using observe::Gauge;
    const auto counter = [this](Counter which, observe::Metrics::Reader reader) {
        registrations_.push_back(metrics_.attach(which, std::move(reader)));
    };
    const auto gauge = [this](Gauge which, observe::Metrics::Reader reader) {
        registrations_.push_back(metrics_.attach(which, std::move(reader)));
    };
    const auto bound = [this](const char* name, observe::Metrics::Reader reader) {
        if (auto registration = metrics_.attachBound(name, std::move(reader)))
            registrations_.push_back(std::move(*registration));
    };
    counter(Counter::PreloadBlocks, [this] { return preloader_->counters().blocks; });
    counter(Counter::PreloadBytes, [this] { return preloader_->counters().bytes; });
    counter(Counter::PreloadRefused, [this] { return preloader_->counters().refused; });
    gauge(Gauge::PreloadQueue, [this] { return preloader_->counters().inFlight; });
    counter(Counter::MetadataHit, [this] { return links_->counters().hits; });
    counter(Counter::MetadataMiss, [this] { return links_->counters().misses; });
    counter(Counter::MetadataNegative, [this] { return links_->counters().negativeHits; });
    counter(Counter::MetadataEvicted, [this] { return links_->counters().evictions; });
    gauge(Gauge::MetadataEntries, [this] { return links_->counters().entries; });
    if (log_)
        counter(Counter::AccessLogDropped, [this] { return log_->dropped(); });
    counter(Counter::ProcessLogDropped, [this] { return processLog_.dropped(); });
    bound("file_pool_queue", [this] { return pool_->refused(); });
    bound("catalog_queue", [this] { return catalog_->refused(); });
    bound("preload_ahead", [this] { return preloader_->counters().aheadRefused; });
    bound("media_types", [this] { return types_->overflows(); });
    bans_.registerMetrics(metrics_, registrations_);
}

} // namespace spillway::engine
