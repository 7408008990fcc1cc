// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/engine.h"

#include "server/body/zipfolders.h"
#include "server/download/digests.h"

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
    const auto source = [this](observe::SourceInfo info, observe::Metrics::Reader reader) {
        if (auto registration = metrics_.attach(std::move(info), std::move(reader)))
            registrations_.push_back(std::move(*registration));
    };
    for (std::size_t i = 0; i < policy::kLimitLevels; ++i)
        source({"spillway_requests_limited_total", "level", std::string(policy::kLimitLevelNames[i]),
                observe::MetricKind::Counter, "Requests answered 429, by the level whose limit it was."},
               [this, level = static_cast<policy::LimitLevel>(i)] { return limits_.refused(level); });
    source({"spillway_limit_clients", "", "", observe::MetricKind::Gauge,
            "Addresses whose limits are kept in mind."},
           [this] { return limits_.clients(); });
    source({"spillway_limit_clients_evicted_total", "", "", observe::MetricKind::Counter,
            "Addresses forgotten to stay within limits.clients."},
           [this] { return limits_.evictions(); });
    const policy::QueueFigures& queue = limits_.queue();
    using Kind = observe::MetricKind;
    source({"spillway_downloads_running", "", "", Kind::Gauge,
            "Answers that go out and did not fit into one send."},
           [this] { return static_cast<std::uint64_t>(std::max<std::int64_t>(limits_.running(), 0)); });
    source({"spillway_download_queue_length", "", "", Kind::Gauge, "Downloads that wait for a slot."},
           [&queue] { return static_cast<std::uint64_t>(std::max<std::int64_t>(queue.waiting.load(), 0)); });
    const std::pair<const char*, const std::atomic<std::uint64_t>*> ends[] = {{"served", &queue.served},
                                                                              {"timed_out", &queue.timedOut},
                                                                              {"overflow", &queue.overflowed},
                                                                              {"left", &queue.left}};
    for (const auto& [name, count] : ends)
        source({"spillway_download_queue_ended_total", "result", name, Kind::Counter,
                "Downloads that waited for a slot, or found no room to wait, by how that ended."},
               [count = count] { return count->load(std::memory_order_relaxed); });
    if (auto registration = metrics_.attachHistogram(
            "spillway_download_queue_wait_seconds",
            "Time that downloads waited for their slots, of those served and timed out.",
            [&queue](observe::HistogramSnapshot& sum) { queue.waits.addTo(sum); }))
        registrations_.push_back(std::move(*registration));
    bound("limit_subjects", [this] { return limits_.boundHits(); });
    if (certificates_)
        source({"spillway_tls_certificate_expires_timestamp_seconds", "", "", observe::MetricKind::Gauge,
                "When the first of the certificates in force ends, Unix time."},
               [this] { return static_cast<std::uint64_t>(certificates_->endsAt()); });
    source({"spillway_zip_walks_total", "", "", Kind::Counter, "Folders that were read for their archives."},
           [this] { return zips_->counters().walks; });
    source({"spillway_zip_unwalked_total", "", "", Kind::Counter,
            "Archives of folders in which nothing had happened, so that they were not read again."},
           [this] { return zips_->counters().unwalked; });
    source({"spillway_zip_plan_bytes", "", "", Kind::Gauge, "Memory of what archives consist of."},
           [this] { return zips_->counters().memory; });
    bound("zip_plans", [this] { return zips_->counters().refused; });
    source({"spillway_digests_computed_total", "", "", Kind::Counter,
            "SHA-256 sums that were computed because a client asked for them."},
           [this] { return digests_->counters().computed; });
    source({"spillway_password_checks_total", "", "", Kind::Counter, "Passwords of links that were checked."},
           [this] { return passwords_->checks(); });
    source({"spillway_password_queue_length", "", "", Kind::Gauge,
            "Passwords of links that wait for their check."},
           [this] { return passwords_->waiting(); });
    bound("password_queue", [this] { return passwords_->refused(); });
    bound("digest_queue", [this] { return digests_->counters().refused; });
    bound("file_pool_queue", [this] { return pool_->refused(); });
    bound("catalog_queue", [this] { return catalog_->refused(); });
    bound("preload_ahead", [this] { return preloader_->counters().aheadRefused; });
    bound("recipients", [this] { return recipients_->counters().refused; });
    bound("receipt_files", [this] { return recipients_->counters().filesDropped; });
    bound("receipt_pieces", [this] { return recipients_->counters().piecesDropped; });
    bound("media_types", [this] { return types_->overflows(); });
    bans_.registerMetrics(metrics_, registrations_);
    registerLoadMetrics();
}

} // namespace spillway::engine
