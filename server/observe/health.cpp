// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/health.h"

#include "server/observe/escape.h"

#include <bit>

namespace spillway::observe {
namespace {

constexpr std::array<std::string_view, 6> names{"normal",    "saving", "catalog-down",
                                                "read-only", "paused", "draining"};
constexpr std::size_t maxReason = 200;
constexpr std::uint32_t startedBit = 1U;

constexpr std::uint32_t bitOf(Mode mode)
{
    return 1U << static_cast<unsigned>(mode);
}

Mode gravest(std::uint32_t bits)
{
    const std::uint32_t modes = bits & ~startedBit;
    return modes == 0 ? Mode::Normal : static_cast<Mode>(std::bit_width(modes) - 1);
}

} // namespace

std::string_view modeName(Mode mode) noexcept
{
    const auto index = static_cast<std::size_t>(mode);
    return index < names.size() ? names[index] : names[0];
}

std::optional<Mode> modeFromName(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<Mode>(i);
    return std::nullopt;
}

Health::Health(const Clock& clock) : clock_(clock), began_(clock.monotonic()) {}

void Health::setStarted()
{
    bits_.fetch_or(startedBit, std::memory_order_relaxed);
}

void Health::enter(Mode mode, std::string_view reason)
{
    if (mode == Mode::Normal || mode >= Mode::Count)
        return;
    std::lock_guard lock(mutex_);
    Reason& held = reasons_[static_cast<std::size_t>(mode)];
    held.text = reason.substr(0, maxReason);
    if ((bits_.fetch_or(bitOf(mode), std::memory_order_relaxed) & bitOf(mode)) == 0)
        held.since = clock_.wall();
}

void Health::leave(Mode mode)
{
    if (mode == Mode::Normal || mode >= Mode::Count)
        return;
    std::lock_guard lock(mutex_);
    bits_.fetch_and(~bitOf(mode), std::memory_order_relaxed);
}

Mode Health::mode() const noexcept
{
    return gravest(bits_.load(std::memory_order_relaxed));
}

bool Health::ready() const noexcept
{
    const std::uint32_t bits = bits_.load(std::memory_order_relaxed);
    return (bits & startedBit) != 0 && (bits & (bitOf(Mode::Paused) | bitOf(Mode::Draining))) == 0;
}

std::vector<Health::ActiveMode> Health::active() const
{
    std::vector<ActiveMode> modes;
    std::lock_guard lock(mutex_);
    for (std::size_t i = modeCount - 1; i > 0; --i)
        if (is(static_cast<Mode>(i)))
            modes.push_back({static_cast<Mode>(i), reasons_[i].text, reasons_[i].since});
    return modes;
}

std::string Health::readyJson() const
{
    const std::vector<ActiveMode> modes = active();
    const bool started = (bits_.load(std::memory_order_relaxed) & startedBit) != 0;
    std::string json = "{\"status\":\"";
    json.append(!started ? "starting" : ready() ? "ready" : "not-ready").append("\",\"mode\":\"");
    json.append(modeName(modes.empty() ? Mode::Normal : modes.front().mode)).append("\",\"modes\":[");
    for (std::size_t i = 0; i < modes.size(); ++i) {
        json.append(i == 0 ? "{\"mode\":\"" : ",{\"mode\":\"")
            .append(modeName(modes[i].mode))
            .append("\",\"reason\":");
        appendJsonString(json, modes[i].reason);
        json.append(",\"since\":").append(std::to_string(unixSeconds(modes[i].since))).append("}");
    }
    return json.append("]}\n");
}

std::string Health::aliveJson() const
{
    const auto uptime = std::chrono::floor<std::chrono::seconds>(clock_.monotonic() - began_).count();
    return "{\"status\":\"alive\",\"uptime_seconds\":" + std::to_string(uptime) + "}\n";
}

} // namespace spillway::observe
