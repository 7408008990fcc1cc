// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/limitinfo.h"

#include "server/base/units.h"

#include <charconv>

namespace spillway::engine {

namespace {

using policy::LimitFields;

constexpr std::int64_t kMostCount = 1'000'000'000;
constexpr std::int64_t kMostQueue = 1'000'000;
constexpr std::chrono::hours kLongestWait{24};

Result<std::int64_t> count(std::string_view text, std::int64_t least, std::int64_t most)
{
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || number < least ||
        number > most)
        return fail(ErrorCode::InvalidArgument, "\"" + std::string(text) + "\" is not a whole number from " +
                                                    std::to_string(least) + " to " + std::to_string(most));
    return number;
}

Result<BytesPerSecond> bandwidth(std::string_view text)
{
    auto rate = parseRate(text);
    if (rate && rate->count == 0)
        return fail(ErrorCode::InvalidArgument, "a bandwidth is more than 0; \"none\" takes the limit away");
    return rate;
}

Result<std::chrono::milliseconds> wait(std::string_view text)
{
    auto time = parseDuration(text);
    if (time && *time > kLongestWait)
        return fail(ErrorCode::InvalidArgument, "a download waits 24h at most");
    return time;
}

Result<policy::Priority> priority(std::string_view text)
{
    for (std::size_t i = 0; i < policy::kPriorityNames.size(); ++i)
        if (policy::kPriorityNames[i] == text)
            return static_cast<policy::Priority>(i);
    return fail(ErrorCode::InvalidArgument, "a priority is high, normal or low");
}

struct Field
{
    std::string_view name;
    Result<void> (*read)(LimitFields&, std::string_view);
    void (*clear)(LimitFields&);
    std::string (*text)(const LimitFields&);
};

/// A row of the table: `parse` reads a value, `print` shows one.
template<auto member, auto parse, auto print>
constexpr Field field(std::string_view name)
{
    return {
        name,
        [](LimitFields& fields, std::string_view text) -> Result<void> {
            auto value = parse(text);
            if (!value)
                return fail(value.error());
            fields.*member = *value;
            return {};
        },
        [](LimitFields& fields) { (fields.*member).reset(); },
        [](const LimitFields& fields) { return fields.*member ? print(*(fields.*member)) : std::string(); }};
}

constexpr auto kCount = [](std::string_view text) { return count(text, 1, kMostCount); };
constexpr auto kQueue = [](std::string_view text) { return count(text, 0, kMostQueue); };
constexpr auto kNumber = [](std::int64_t value) { return std::to_string(value); };
constexpr auto kPriority = [](policy::Priority value) {
    return std::string(policy::kPriorityNames[static_cast<std::size_t>(value)]);
};

constexpr Field kFields[] = {
    field<&LimitFields::milliRequests, parseEventRate, formatEventRate>("requests"),
    field<&LimitFields::burst, kCount, kNumber>("burst"),
    field<&LimitFields::bandwidth, bandwidth, formatRate>("bandwidth"),
    field<&LimitFields::connections, kCount, kNumber>("connections"),
    field<&LimitFields::downloads, kCount, kNumber>("downloads"),
    field<&LimitFields::queue, kQueue, kNumber>("queue"),
    field<&LimitFields::wait, wait, formatDuration>("wait"),
    field<&LimitFields::priority, priority, kPriority>("priority"),
};

} // namespace

const std::vector<std::string_view>& limitFieldNames()
{
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        for (const Field& field : kFields)
            all.push_back(field.name);
        return all;
    }();
    return names;
}

Result<void> changeLimit(LimitFields& fields, const LimitChange& change)
{
    for (const Field& field : kFields) {
        if (field.name != change.field)
            continue;
        if (change.value == "none") {
            field.clear(fields);
            return {};
        }
        if (auto read = field.read(fields, change.value); !read)
            return fail(ErrorCode::InvalidArgument, change.field + ": " + read.error().message);
        return {};
    }
    return fail(ErrorCode::InvalidArgument, "there is no limit \"" + change.field + "\"");
}

std::string limitFieldText(const LimitFields& fields, std::string_view name)
{
    for (const Field& field : kFields)
        if (field.name == name)
            return field.text(fields);
    return {};
}

} // namespace spillway::engine
