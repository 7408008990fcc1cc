// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::observe {

/// The named modes of a server (docs/architecture.md, "Modes"), the mildest first. Several may hold at once;
/// the gravest gives the server its name.
enum class Mode : std::uint8_t
{
    Normal,
    Saving,      ///< overload: listings, ZIP and search off, the access log sampled
    CatalogDown, ///< links and cached metadata still serve, changes are refused
    ReadOnly,    ///< the disk is full: downloads go on, nothing is written
    Paused,      ///< by hand: no new downloads, running ones finish
    Draining,    ///< on the way out: no new connections
    Count
};

[[nodiscard]] std::string_view modeName(Mode mode) noexcept;
[[nodiscard]] std::optional<Mode> modeFromName(std::string_view name) noexcept;

/// Whether the process lives and whether it should get traffic: what /healthz and /readyz answer.
///
/// Any thread. is(), mode() and ready() are one relaxed load and fit the hot path; the rest takes a short
/// lock.
class Health
{
public:
    explicit Health(const Clock& clock);

    /// The listeners are open. Before it, the server is not ready.
    void setStarted();
    /// Enters `mode`, or changes the reason where it holds already; the time it began is kept. Normal cannot
    /// be entered: it is what is left when nothing else holds. `reason` is a sentence for people; it is cut
    /// at 200 bytes.
    void enter(Mode mode, std::string_view reason);
    void leave(Mode mode);

    [[nodiscard]] bool is(Mode mode) const noexcept
    {
        return (bits_.load(std::memory_order_relaxed) >> static_cast<unsigned>(mode) & 1U) != 0;
    }
    [[nodiscard]] Mode mode() const noexcept;
    /// False before setStarted(), while paused and while draining: a balancer should send no one here.
    [[nodiscard]] bool ready() const noexcept;

    struct ActiveMode
    {
        Mode mode = Mode::Normal;
        std::string reason;
        WallTime since;
    };
    /// The modes that hold, the gravest first.
    [[nodiscard]] std::vector<ActiveMode> active() const;

    /// {"status":"ready"|"starting"|"not-ready","mode":"saving","modes":[{"mode":…,"reason":…,"since":<unix
    /// seconds>}]}
    [[nodiscard]] std::string readyJson() const;
    /// {"status":"alive","uptime_seconds":12}
    [[nodiscard]] std::string aliveJson() const;

private:
    static constexpr std::size_t modeCount = static_cast<std::size_t>(Mode::Count);

    const Clock& clock_;
    const Monotonic began_;
    std::atomic<std::uint32_t> bits_{0}; ///< bit n: mode n holds; bit 0 (Normal): started
    mutable std::mutex mutex_;           ///< guards reasons_, and orders changes of bits_
    struct Reason
    {
        std::string text;
        WallTime since;
    };
    std::array<Reason, modeCount> reasons_;
};

} // namespace spillway::observe
