// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/metrics.h"

#include <algorithm>
#include <utility>

namespace spillway::observe {
namespace {

constexpr std::size_t maxSources = 1024;

bool isIdentifier(std::string_view text)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !text.empty() && letter(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// One name has one kind, one label and one help text, or the exposition is invalid; and one value for each
/// label value.
ErrorCode checkAgainst(const SourceInfo& source, const MetricInfo& row, MetricKind kind)
{
    if (row.name != source.name)
        return ErrorCode::NotFound;
    if (kind != source.kind || row.label != source.label || row.help != source.help)
        return ErrorCode::InvalidArgument;
    return row.labelValue == source.labelValue ? ErrorCode::AlreadyExists : ErrorCode::NotFound;
}

/// NotFound: no clash.
ErrorCode clashWithTables(const SourceInfo& source)
{
    for (std::size_t i = 0; i < counterCount; ++i)
        if (auto code = checkAgainst(source, info(static_cast<Counter>(i)), MetricKind::Counter);
            code != ErrorCode::NotFound)
            return code;
    for (std::size_t i = 0; i < gaugeCount; ++i)
        if (auto code = checkAgainst(source, info(static_cast<Gauge>(i)), MetricKind::Gauge);
            code != ErrorCode::NotFound)
            return code;
    return source.name.starts_with("http_") || source.name.starts_with("process_")
               ? ErrorCode::InvalidArgument
               : ErrorCode::NotFound;
}

} // namespace

void WorkerCounters::addTo(MetricsSnapshot& sum) const noexcept
{
    for (std::size_t i = 0; i < counterCount; ++i)
        sum.counters[i] += counters_[i].load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < gaugeCount; ++i)
        sum.gauges[i] += static_cast<std::int64_t>(gauges_[i].load(std::memory_order_relaxed));
    for (std::size_t i = 0; i < requestCells; ++i)
        sum.requests[i] += requests_[i].load(std::memory_order_relaxed);
    duration_.addTo(sum.duration);
    firstByte_.addTo(sum.firstByte);
}

Metrics::Registration::Registration(Registration&& other) noexcept
    : owner_(std::exchange(other.owner_, nullptr)), id_(other.id_)
{
}

Metrics::Registration& Metrics::Registration::operator=(Registration&& other) noexcept
{
    if (this != &other) {
        reset();
        owner_ = std::exchange(other.owner_, nullptr);
        id_ = other.id_;
    }
    return *this;
}

void Metrics::Registration::reset() noexcept
{
    if (Metrics* owner = std::exchange(owner_, nullptr))
        owner->remove(id_);
}

Metrics::Metrics(const Clock& clock) : clock_(clock) {}

Metrics::~Metrics() = default;

WorkerCounters& Metrics::addWriter()
{
    auto counters = std::make_unique<WorkerCounters>();
    WorkerCounters& reference = *counters;
    std::lock_guard lock(mutex_);
    writers_.push_back(std::move(counters));
    return reference;
}

Metrics::Registration Metrics::attach(Counter counter, Reader reader)
{
    std::lock_guard lock(mutex_);
    return insert([counter, reader = std::move(reader)](
                      MetricsSnapshot& sum) { sum.counters[static_cast<std::size_t>(counter)] += reader(); },
                  {});
}

Metrics::Registration Metrics::attach(Gauge gauge, Reader reader)
{
    std::lock_guard lock(mutex_);
    return insert(
        [gauge, reader = std::move(reader)](MetricsSnapshot& sum) {
            sum.gauges[static_cast<std::size_t>(gauge)] += static_cast<std::int64_t>(reader());
        },
        {});
}

Result<Metrics::Registration> Metrics::attachBound(std::string name, Reader hits)
{
    if (!isIdentifier(name))
        return fail(ErrorCode::InvalidArgument, "bound \"" + name + "\": use letters, digits and _ only");
    const MetricInfo& row = info(Counter::BoundPipelinedBytes);
    return attach(SourceInfo{std::string(row.name), std::string(row.label), std::move(name),
                             MetricKind::Counter, std::string(row.help)},
                  std::move(hits));
}

Result<Metrics::Registration> Metrics::attach(SourceInfo source, Reader reader)
{
    auto collect = [source, reader = std::move(reader)](MetricsSnapshot& sum) {
        sum.sources.push_back(SourceSample{source, reader()});
    };
    return insertAdmitted(std::move(source), std::move(collect));
}

Result<Metrics::Registration> Metrics::attachHistogram(std::string name, std::string help,
                                                       HistogramReader reader)
{
    SourceInfo source{std::move(name), {}, {}, MetricKind::Histogram, std::move(help)};
    auto collect = [source, reader = std::move(reader)](MetricsSnapshot& sum) {
        reader(sum.histograms.emplace_back(HistogramSample{source, {}}).values);
    };
    return insertAdmitted(std::move(source), std::move(collect));
}

Result<Metrics::Registration> Metrics::insertAdmitted(SourceInfo source,
                                                      std::function<void(MetricsSnapshot&)> collect)
{
    std::lock_guard lock(mutex_);
    if (auto admitted = admit(source); !admitted)
        return fail(admitted.error());
    return insert(std::move(collect), std::move(source));
}

Result<void> Metrics::admit(const SourceInfo& source) const
{
    const auto refuse = [&source](ErrorCode code, const char* why) {
        return fail(code, "metric \"" + source.name + "\": " + why);
    };
    if (!isIdentifier(source.name) || (!source.label.empty() && !isIdentifier(source.label)))
        return refuse(ErrorCode::InvalidArgument, "name or label is not an identifier");
    if (source.name.ends_with("_total") != (source.kind == MetricKind::Counter))
        return refuse(ErrorCode::InvalidArgument, "counters, and only they, end in _total");
    if (source.help.empty())
        return refuse(ErrorCode::InvalidArgument, "it has no help text");
    ErrorCode clash = clashWithTables(source);
    for (const Source& other : sources_) {
        if (clash != ErrorCode::NotFound)
            break;
        const SourceInfo& known = other.info;
        clash = checkAgainst(source, {known.name, known.label, known.labelValue, Unit::Items, known.help},
                             known.kind);
    }
    if (clash == ErrorCode::AlreadyExists)
        return refuse(clash, "it is attached already");
    if (clash != ErrorCode::NotFound)
        return refuse(clash, "the name is reserved, or has another kind, label or help");
    if (sources_.size() >= maxSources)
        return refuse(ErrorCode::Exhausted, "too many metrics are attached");
    return {};
}

Metrics::Registration Metrics::insert(std::function<void(MetricsSnapshot&)> collect, SourceInfo info)
{
    const std::uint64_t id = nextId_++;
    sources_.push_back(Source{id, std::move(collect), std::move(info)});
    return Registration(this, id);
}

void Metrics::remove(std::uint64_t id) noexcept
{
    std::lock_guard lock(mutex_);
    std::erase_if(sources_, [id](const Source& source) { return source.id == id; });
}

MetricsSnapshot Metrics::snapshot() const
{
    MetricsSnapshot sum;
    std::lock_guard lock(mutex_);
    sum.at = clock_.monotonic();
    sum.wall = clock_.wall();
    for (const auto& writer : writers_)
        writer->addTo(sum);
    for (const Source& source : sources_)
        source.collect(sum);
    return sum;
}

} // namespace spillway::observe
